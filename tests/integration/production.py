"""A production server in processes of its own, EHRs that are registered with it, and tokens that they sign."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from cds_server.serving import port_to_listen_on
from cds_server.store.database import Database, create_engine_for

ROOT = Path(__file__).parents[2]
PUBLIC = "https://cds.example.org/base"
KEY = "k" * 32
ES384 = ec.generate_private_key(ec.SECP384R1())
OTHER_ES384 = ec.generate_private_key(ec.SECP384R1())


def public_key(key: Any, key_id: str) -> dict[str, Any]:
    """Return a member of a JWKS."""
    kind = jwt.algorithms.ECAlgorithm if isinstance(key, ec.EllipticCurvePrivateKey) else jwt.algorithms.RSAAlgorithm
    return {**json.loads(kind.to_jwk(key.public_key())), "kid": key_id}


def signed(path: str, key: Any = ES384, algorithm: str = "ES384", **changes: Any) -> str:
    """Return an Authorization header made out to a path below the public URL; a claim of None is left out."""
    now = int(time.time())
    claims = {
        "iss": "https://main.example.org/oauth",
        "aud": f"{PUBLIC}{path}",
        "iat": now,
        "exp": now + 300,
        "jti": str(uuid.uuid4()),
    }
    header = {"kid": "main", "typ": "JWT", **changes.pop("header", {})}
    kept = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    token = jwt.encode(kept, key, algorithm, {name: value for name, value in header.items() if value is not None})
    return f"Bearer {token}"


def signed_by_other(path: str) -> str:
    """Return the Authorization header of the second EHR."""
    return signed(path, OTHER_ES384, iss="https://other.example.org/oauth", header={"kid": "other"})


REGISTRY = """
ehrs:
  - name: main
    issuer: https://main.example.org/oauth
    jwks_file: main.json
    fhir_bases: [{base}]
    allowed_origins: [https://chart.main.example.org]
  - name: other
    issuer: https://other.example.org/oauth
    jwks_file: other.json
    fhir_bases: [https://other.example.org/r4]
    client_profile: epic
    allowed_origins: [https://chart.other.example.org]
    codes:
      toy: {{code: "4711", kind: orderset-item}}
"""


def write_registry(folder: Path, base: str = "https://main.example.org/r4") -> Path:
    """Write the registry of two EHRs with their key files; return its path."""
    (folder / "main.json").write_text(json.dumps({"keys": [public_key(ES384, "main")]}))
    (folder / "other.json").write_text(json.dumps({"keys": [public_key(OTHER_ES384, "other")]}))
    path = folder / "ehrs.yaml"
    path.write_text(REGISTRY.format(base=base))
    return path


@dataclass(slots=True)
class Caller:
    """Who calls a running server."""

    url: str
    session: requests.Session

    def ask(
        self, method: str, path: str, token: str | None = None, body: Any = None, **headers: str
    ) -> requests.Response:
        """Send one request."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = token
        return self.session.request(method, f"{self.url}{path}", json=body, headers=sent, timeout=30)

    def call(self, body: Any, token: str | None = None, service: str = "toy-view") -> requests.Response:
        """Call a service, by default as the first EHR."""
        path = f"/cds-services/{service}"
        return self.ask("POST", path, token or signed(path), body)

    def answer(self, item: dict[str, Any], token: str | None = None, service: str = "toy-view") -> requests.Response:
        """Send feedback on one card, by default as the first EHR."""
        path = f"/cds-services/{service}/feedback"
        return self.ask("POST", path, token or signed(path), {"feedback": [item]})


@dataclass(slots=True)
class Process(Caller):
    """A server in processes of its own. log: its lines so far."""

    process: subprocess.Popen[str]
    log: list[str]

    def workers(self) -> list[int]:
        """Return the worker processes that live now."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in listed.read_text().split()]


@contextmanager
def serving(folder: Path, program: str = "tests.integration.serve_toy", **variables: str) -> Iterator[Process]:
    """Run a server until the block ends. It is asked nothing before its log says that it serves."""
    port = port_to_listen_on("127.0.0.1", 0)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CDS_", "PROMETHEUS_"))}
    environment = {**kept, "CDS_PORT": str(port), "CDS_DATABASE_URL": f"sqlite:///{folder / 'cds.db'}", **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", program], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    log: list[str] = []
    serves = threading.Event()
    reader = threading.Thread(target=_read, args=(process, log, serves), daemon=True)
    reader.start()
    try:
        assert serves.wait(60), "the server did not start"
        assert process.poll() is None, "".join(log)
        with requests.Session() as session:
            session.trust_env = False
            yield Process(f"http://127.0.0.1:{port}", session, process, log)
    finally:
        process.terminate()
        process.wait(40)
        reader.join(40)


def _read(process: subprocess.Popen[str], log: list[str], serves: threading.Event) -> None:
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            log.append(line)
            if "relapse-cds serves" in line:
                serves.set()
    serves.set()


@contextmanager
def production(folder: Path, **variables: str) -> Iterator[Process]:
    """Run a production server with two registered EHRs and a database at the newest version."""
    path = folder / "ehrs.yaml"
    chosen = {
        "CDS_MODE": "production",
        "CDS_PUBLIC_URL": PUBLIC,
        "CDS_EHR_REGISTRY": str(path if path.exists() else write_registry(folder)),
        "CDS_FINGERPRINT_KEY": KEY,
        "CDS_DATABASE_URL": f"sqlite:///{folder / 'cds.db'}",
        **variables,
    }
    database = Database(create_engine_for(chosen["CDS_DATABASE_URL"]), time.monotonic)
    database.upgrade()
    database.engine.dispose()
    with serving(folder, **chosen) as running:
        yield running
