"""`make bench`: requests per second and latency of the server against two floors, in one run, as ratios.

Two patients with 200 resources each: one without neuroblastoma, one relapsed child. Every server runs on the
same gunicorn settings on 127.0.0.1, ours by its own command; the load is bounded in requests and stops by itself.
Figures of one machine are comparable only within one run; nothing here is asserted.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import fhir_fixtures
from hooks.pathways.relapsed_neuroblastoma.prefetch import TEMPLATES

SERVICE = "relapse-regimen"
RESOURCES = 200
WORKERS, THREADS, CLIENTS = 2, 4, 4


@dataclass(frozen=True)
class Result:
    """One measured row: latencies in milliseconds."""

    name: str
    per_second: float
    p50_ms: float
    p99_ms: float


def filler(patient_id: str, number: int) -> dict[str, Any]:
    """Return an ordinary laboratory Observation, the bulk of what an EHR sends."""
    return {
        "resourceType": "Observation",
        "id": f"filler-{number}",
        "status": "final",
        "category": [{"coding": [{"system": "http://example.org/category", "code": "laboratory"}]}],
        "code": {
            "coding": [{"system": "http://example.org/local", "code": f"L{number % 40}", "display": "Local test"}]
        },
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": "2026-05-01T08:00:00Z",
        "valueQuantity": {
            "value": number / 7,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
        "referenceRange": [{"low": {"value": 1, "unit": "mmol/L"}, "high": {"value": 9, "unit": "mmol/L"}}],
    }


def body_of(slug: str) -> bytes:
    """Return a patient-view call with complete prefetch, filled up to 200 resources."""
    call = fhir_fixtures.hook_request(slug, "patient-view", date.today(), TEMPLATES)
    prefetch = call["prefetch"]
    count = sum(
        len(value.get("entry", ())) if value.get("resourceType") == "Bundle" else 1 for value in prefetch.values()
    )
    labs = prefetch["labs"].setdefault("entry", [])
    patient_id = call["context"]["patientId"]
    labs.extend({"resource": filler(patient_id, number)} for number in range(RESOURCES - count))
    return json.dumps(call).encode()


def free_port() -> int:
    """Return a free port on 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def floor(application: str) -> list[str]:
    """Return the command that serves one of the floors, under gunicorn with the server's settings."""
    command = ["gunicorn", "-k", "gthread", "-w", str(WORKERS), "--threads", str(THREADS)]
    return [*command, "--log-level", "error", f"tests.benchmarks.floors:{application}"]


@contextmanager
def serving(command: list[str]) -> Iterator[int]:
    """Run one server for the length of the block; yield its port."""
    port = free_port()
    address = ["-b", f"127.0.0.1:{port}"] if "gunicorn" in command else ["--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "CDS_LOG_LEVEL": "ERROR"}
    environment |= {"CDS_WORKERS": str(WORKERS), "CDS_THREADS": str(THREADS)}
    process = subprocess.Popen(
        [sys.executable, "-m", *command, *address],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=0.1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def one_client(port: int, body: bytes, requests: int, latencies: list[float]) -> None:
    """Send `requests` calls over one kept-alive connection; append each latency in seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(requests):
        start = time.perf_counter()
        connection.request("POST", f"/cds-services/{SERVICE}", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        payload = response.read()
        if response.status != http.client.OK:
            raise SystemExit(f"status {response.status}: {payload[:200]!r}")
        latencies.append(time.perf_counter() - start)
    connection.close()


def measure(name: str, port: int, body: bytes, requests: int) -> Result:
    """Return one row, after a warm-up."""
    one_client(port, body, 2 * WORKERS * THREADS, [])
    latencies: list[float] = []
    threads = [
        threading.Thread(target=one_client, args=(port, body, requests // CLIENTS, latencies)) for _ in range(CLIENTS)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    cuts = statistics.quantiles(latencies, n=100)
    return Result(name, len(latencies) / seconds, cuts[49] * 1000, cuts[98] * 1000)


def main() -> None:
    """Measure floors and server on both bodies; print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1200)
    requests = parser.parse_args().requests
    silent, relapsed = body_of("leukaemia"), body_of("mycn-amplified-at-relapse")
    rows: list[Result] = []
    with serving(floor("read")) as port:
        rows.append(measure("floor 1: read the body", port, silent, requests))
    with serving(floor("decode")) as port:
        rows.append(measure("floor 2: read and decode the JSON", port, silent, requests))
    with serving(["cds_server", "serve"]) as port:
        rows.append(measure("no neuroblastoma", port, silent, requests))
        rows.append(measure("relapsed child", port, relapsed, requests // 2))
    print(
        f"{RESOURCES} resources, bodies of {len(silent) // 1000} and {len(relapsed) // 1000} kB, "
        f"gunicorn gthread {WORKERS}x{THREADS}, {CLIENTS} clients"
    )
    print(f"{'':36}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'to floor 1':>12}{'to floor 2':>12}")
    for row in rows:
        ratios = (row.per_second / rows[0].per_second, row.per_second / rows[1].per_second)
        print(f"{row.name:36}{row.per_second:9.0f}{row.p50_ms:9.2f}{row.p99_ms:9.2f}{ratios[0]:12.2f}{ratios[1]:12.2f}")


if __name__ == "__main__":
    main()
