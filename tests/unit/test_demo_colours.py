"""The colours of the demo page can be told apart, by day and in the dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from cds_server.demo import page

BLOCKS = re.findall(r":root \{(.*?)\}", (page.STATIC / "style.css").read_text(encoding="utf-8"), re.DOTALL)
TEXT, MARK = 4.5, 3.0
PAIRS = [
    *(("ink", ground, TEXT) for ground in ("paper", "ground", "code")),
    *(("soft", ground, TEXT) for ground in ("paper", "ground")),
    *((name, "paper", TEXT) for name in ("accent", "accent-dark", "good")),
    *((name, f"{name}-ground", TEXT) for name in ("info", "warning", "critical")),
    ("on-accent", "accent", TEXT),
    ("accent-dark", "info-ground", TEXT),
    *((name, "paper", MARK) for name in ("focus", "edge", "info", "warning", "critical")),
]


def colours(scheme: str) -> dict[str, str]:
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in BLOCKS)
    return {**light, **dark} if scheme == "dark" else light


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_given_a_colour_on_its_ground_when_measured_then_it_can_be_seen(
    scheme: str, front: str, back: str, least: float
) -> None:
    found = colours(scheme)
    low, high = sorted((luminance(found[front]), luminance(found[back])))

    assert (high + 0.05) / (low + 0.05) >= least
