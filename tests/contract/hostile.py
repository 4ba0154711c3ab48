"""Hostile bodies by the thousand: real hook calls, broken in seeded ways, and the judgement of what is answered.

The same seed makes the same body. `attack` posts a range of seeds to one application and returns what it found;
it can run in a process of its own.
"""

from __future__ import annotations

import copy
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask.testing import FlaskClient

import fhir_fixtures
from cds_server.app import create_app
from cds_server.settings import read_settings
from tests.contract.checker import check_error, check_json, check_response
from tests.contract.served import AS_OF, filed, view

PROFILES = ("spec", "epic", "text_only")
ALLOWED = {200, 400, 412}
LONG = 1_000_000
_CALLS = "/cds-services"

Places = list[tuple[Any, Any]]
"""Containers with one of their names or numbers each."""

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, -(10**400), 1e308, 5e-324, float("nan"), float("inf")),
    *(
        "",
        " ",
        "x",
        "\x00",
        "a\x00b",
        "\ud800",
        "\udfff\ud800",
        "\u202e\u2066",
        "\ufeff",
        "\u2028",
        "🧬" * 70,
        "ß" * 300,
    ),
    *(
        "null",
        "NaN",
        "-",
        "1e999",
        "0x10",
        "٣",
        "\uff11",
        "<b>x</b>",
        "![x](https://example.org/x.png)",
        "[a](javascript:b)",
    ),
    *(
        "2026",
        "2026-11",
        "2026-13-45",
        "0000-00-00",
        "9999-12-31",
        "10000-01-01",
        "2026-11-22T25:61:61Z",
        "-2026-01-01",
    ),
    *("2026-11-22T10:00:00+99:99", "0001-01-01T00:00:00-14:00", "1900-02-29", "today"),
    *("Patient/other", "Patient/", "/", "http://127.0.0.1:9/fhir", "urn:uuid:x", "#", "#m", "../../etc/passwd", "%00"),
    *([], {}, [None], [[]], [{}], [[[]]], {"x": None}, {"": ""}, {"resourceType": None}, {"resourceType": []}),
    *({"reference": 5}, {"coding": {}}, {"coding": [None, 5, "x", {}]}, {"text": []}, {"value": "x", "unit": 5}),
    *({"start": 5, "end": []}, {"entry": {}}, {"resourceType": "Bundle", "entry": 5}, {"resourceType": "Patient"}),
)

STATES: tuple[Any, ...] = (
    None,
    {"resourceType": "Bundle", "type": "searchset", "total": 0},
    {"resourceType": "Bundle", "entry": []},
    {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]},
    {"resourceType": "OperationOutcome"},
    {
        "resourceType": "Bundle",
        "total": 0,
        "entry": [
            {
                "search": {"mode": "outcome"},
                "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "4101"}]},
            }
        ],
    },
    {"response": {"status": "404"}},
    [],
    5,
    "x",
    {},
)
"""What may stand under a prefetch key instead of what should."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One body on its way to one path."""

    seed: int
    path: str
    body: bytes
    profile: str


@dataclass(slots=True)
class Found:
    """What a number of attacks brought to light; slowest_s is processor time, whatever else the machine does."""

    statuses: Counter[str] = field(default_factory=Counter)
    cards: int = 0
    slowest_s: float = 0.0
    slowest_seed: int = -1
    defects: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Take over what another process found."""
        self.statuses += other.statuses
        self.cards += other.cards
        self.defects += other.defects
        if other.slowest_s > self.slowest_s:
            self.slowest_s, self.slowest_seed = other.slowest_s, other.slowest_seed


@lru_cache(maxsize=1)
def _bases() -> tuple[tuple[str, str], ...]:
    """Return (service, body as JSON) of every child and every call on file; JSON, for a copy is made each time."""
    children = [
        (service, view(child.slug))
        for child in fhir_fixtures.children()
        for service in ("relapse-workup", "relapse-regimen")
    ]
    calls = [(call.service, filed(call.name)) for call in fhir_fixtures.hook_calls()]
    return tuple((service, json.dumps(body)) for service, body in (*children, *calls))


_FEEDBACK = {
    "feedback": [
        {
            "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
            "outcome": "overridden",
            "overrideReason": {"reason": {"code": "limited-time", "system": "urn:x"}, "userComment": "no"},
            "outcomeTimestamp": "2026-11-22T10:00:00Z",
        },
        {
            "card": "123456",
            "outcome": "accepted",
            "acceptedSuggestions": [{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}],
            "outcomeTimestamp": "2026-11-22T10:00:00.5+00:00",
        },
    ]
}


def attack_of(seed: int) -> Attack:
    """Return the attack of a seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    try:
        path, body = _drawn(chance)
    except RecursionError:  # deeper than Python itself can write
        path, body = f"{_CALLS}/relapse-workup", b'{"hook":' * 50_000
    return Attack(seed, path, body, PROFILES[seed % len(PROFILES)])


def _drawn(chance: random.Random) -> tuple[str, bytes]:
    service, base = chance.choice(_bases())
    body: Any = json.loads(base)
    kind = chance.random()
    path = f"{_CALLS}/{service}"
    if kind < 0.05:
        body, path = copy.deepcopy(_FEEDBACK), f"{path}/feedback"
    elif kind < 0.10:
        path = f"{path}/explain"
    if chance.random() < 0.3 and "prefetch" in body:
        for key in chance.sample(list(body["prefetch"]), chance.randint(1, 4)):
            _set_state(chance, body["prefetch"], key)
    places = _places(body)
    for _ in range(chance.choice((1, 1, 2, 3, 8, 30))):
        chance.choice(_MUTATIONS)(chance, places)
    if chance.random() < 0.01:
        body = copy.deepcopy(chance.choice(ODD))
    return path, _written(chance, body)


def _set_state(chance: random.Random, prefetch: dict[str, Any], key: str) -> None:
    if chance.random() < 0.2:
        del prefetch[key]
    else:
        prefetch[key] = copy.deepcopy(chance.choice(STATES))


def _written(chance: random.Random, body: Any) -> bytes:
    """Return the bytes, sometimes spoilt as bytes: a name twice, a splice, a wrong encoding."""
    text = json.dumps(body)
    kind = chance.random()
    if kind < 0.02:
        start = text.find("{", chance.randrange(len(text)))
        text = text[: start + 1] + '"id": 1, "id": 2, ' + text[start + 1 :]
    data = text.encode()
    if 0.02 <= kind < 0.06:
        at = chance.randrange(len(data))
        data = data[:at] + chance.randbytes(chance.randint(0, 6)) + data[at + chance.randint(0, 9) :]
    if 0.06 <= kind < 0.065:
        data = text.encode(chance.choice(("utf-16", "utf-32")))
    return data


def _places(value: Any) -> Places:
    """Return (container, name or number) of every value inside."""
    found: Places = []
    waiting = [value]
    while waiting:
        container = waiting.pop()
        names: Any = list(container) if isinstance(container, dict) else range(len(container))
        for name in names:
            found.append((container, name))
            if isinstance(container[name], dict | list):
                waiting.append(container[name])
    return found


def _changing(change: Callable[[random.Random, Any, Any], None]) -> Callable[[random.Random, Places], None]:
    """Return a mutation that changes one value somewhere inside."""

    def mutate(chance: random.Random, places: Places) -> None:
        container, name = chance.choice(places)
        if _is_there(container, name):
            change(chance, container, name)

    return mutate


def _is_there(container: Any, name: Any) -> bool:
    """True unless an earlier mutation took it away."""
    return name in container if isinstance(container, dict) else name < len(container)


def _replace(chance: random.Random, container: Any, name: Any) -> None:
    container[name] = copy.deepcopy(chance.choice(ODD))


def _delete(_: random.Random, container: Any, name: Any) -> None:
    del container[name]


def _rename(chance: random.Random, container: Any, name: Any) -> None:
    if isinstance(container, dict):
        container[chance.choice(("resourceType", "id", "", "value", f"{name}x", str(name).upper()))] = container.pop(
            name
        )


def _wrap(chance: random.Random, container: Any, name: Any) -> None:
    for _ in range(chance.choice((1, 1, 1, 2, 50, 70, 400))):
        container[name] = chance.choice(([container[name]], {"x": container[name]}))


def _unwrap(_: random.Random, container: Any, name: Any) -> None:
    value = container[name]
    if isinstance(value, list) and value:
        container[name] = value[0]


def _repeat(chance: random.Random, container: Any, name: Any) -> None:
    if isinstance(container[name], list):
        container[name] = container[name] * chance.choice((2, 3, 20))


def _distort(chance: random.Random, container: Any, name: Any) -> None:
    """Change a text or a number a little, so that readers get as far as they can."""
    value = container[name]
    if isinstance(value, bool) or value is None:
        container[name] = str(value)
    elif isinstance(value, int | float):
        container[name] = chance.choice((-value, value * 10**9, value // 7, str(value), f"{value} mg", 0))
    elif isinstance(value, str):
        at = chance.randrange(len(value) + 1)
        options = (value.upper(), value[:at], value[at:], f"{value[:at]}{chance.choice(ODD)}{value[at:]}", value * 40)
        container[name] = chance.choice(options)


def _lengthen(chance: random.Random, container: Any, name: Any) -> None:
    if chance.random() < 0.05:
        container[name] = chance.choice(("x", "MYCN not amplified; ", "- ", "(", "[", "9", " ", "<")) * LONG
        container[name] = container[name][:LONG]
    elif isinstance(container[name], str):
        container[name] = container[name] * 200


def _transplant(chance: random.Random, places: Places) -> None:
    """Put what stands in one place into another: right data where it does not belong."""
    (source, what), (target, where) = chance.sample(places, 2)
    if _is_there(source, what) and _is_there(target, where):
        target[where] = copy.deepcopy(source[what])


_MUTATIONS: Sequence[Callable[[random.Random, Places], None]] = (
    *(_changing(_replace),) * 4,
    *(_changing(_distort),) * 4,
    *(_transplant,) * 3,
    *(_changing(change) for change in (_delete, _delete, _rename, _wrap, _unwrap, _repeat, _lengthen)),
)


@lru_cache(maxsize=len(PROFILES))
def _client(profile: str, database_url: str) -> FlaskClient:
    settings = read_settings(
        log_level="ERROR", as_of=AS_OF, client_profile=profile, database_url=database_url, memory_days=0
    )
    return create_app(settings).test_client()


def attack(seeds: range, database_url: str = "") -> Found:
    """Post the attacks of these seeds and return what became of them."""
    found = Found()
    for seed in seeds:
        one = attack_of(seed)
        start = time.process_time()
        answer = _client(one.profile, database_url).post(one.path, data=one.body, content_type="application/json")
        took = time.process_time() - start
        if took > found.slowest_s:
            found.slowest_s, found.slowest_seed = took, seed
        found.statuses[str(answer.status_code)] += 1
        found.defects += [f"seed {seed}, {one.path}: {problem}" for problem in _problems(one, answer)]
        if answer.status_code == 200 and "cards" in answer.get_json():
            found.cards += len(answer.get_json()["cards"])
    return found


def _problems(one: Attack, answer: Any) -> Iterator[str]:
    if answer.status_code not in ALLOWED:
        yield f"status {answer.status_code}"
        return
    try:
        if answer.status_code != 200:
            check_error(answer.data)
        elif one.path.endswith("/explain"):
            json.loads(answer.data)
        elif one.path.endswith("/feedback"):
            check_json(answer.data)
        else:
            check_response(check_json(answer.data), json.loads(one.body.decode("utf-8-sig")), one.profile)
    except (AssertionError, ValueError) as error:
        yield str(error)[:500]
