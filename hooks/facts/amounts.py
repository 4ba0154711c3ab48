"""Numbers of Observations and their components, however the sender wrote them.

Place in the flow: readers of molecular results and scores take amounts from here; measurements with units are read
in `hooks.facts.quantities`. May not: convert a unit, or guess at a text that holds more than a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

Element = Mapping[str, object]
"""An Observation or one of its components: both carry code, value[x], dataAbsentReason and interpretation."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its comparator ("<", ">=" ... or "") and unit; a Range counts with its low end.

    upper: the high end of a Range, None where there is none.
    """

    value: float
    comparator: str = ""
    unit: str = ""
    upper: float | None = None

    @property
    def is_share(self) -> bool:
        """True for a percentage, which counts cells or alleles and no copies."""
        return self.unit.strip() == "%"


def amount_of(element: Element) -> Amount | None:
    """Return the number in valueQuantity, valueRange (low), valueRatio, valueInteger or a numeric valueString."""
    quantity = element.get("valueQuantity")
    if isinstance(quantity, Mapping):
        return _amount(quantity.get("value"), quantity.get("comparator"), quantity.get("code") or quantity.get("unit"))
    span = element.get("valueRange")
    if isinstance(span, Mapping) and isinstance(span.get("low"), Mapping):
        return _ranging(span["low"], span.get("high"))
    ratio = element.get("valueRatio")
    if isinstance(ratio, Mapping):
        return _divided(ratio.get("numerator"), ratio.get("denominator"))
    if (whole := element.get("valueInteger")) is not None:
        return _amount(whole, "", "")
    return _written_amount(element.get("valueString"))


def _amount(value: object, comparator: object, unit: object) -> Amount | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    if not math.isfinite(number):
        return None
    return Amount(
        number,
        comparator if isinstance(comparator, str) and comparator in {"<", "<=", ">", ">="} else "",
        unit if isinstance(unit, str) else "",
    )


def _ranging(low: Mapping[str, object], high: object) -> Amount | None:
    """Return the low end of a Range with its high end; one that is left open upwards is "from there on"."""
    lowest = _amount(low.get("value"), "", low.get("code") or low.get("unit"))
    highest = _amount(high.get("value"), "", "") if isinstance(high, Mapping) else None
    if lowest is None:
        return None
    return replace(lowest, upper=highest.value) if highest else replace(lowest, comparator=">=")


def _divided(numerator: object, denominator: object) -> Amount | None:
    if not isinstance(numerator, Mapping) or not isinstance(denominator, Mapping):
        return None
    above = _amount(numerator.get("value"), numerator.get("comparator"), "")
    below = _amount(denominator.get("value"), "", "")
    return Amount(above.value / below.value, above.comparator) if above and below and below.value > 0 else None


def _written_amount(text: object) -> Amount | None:
    """Return the number of "12", ">= 10", "12:1", "40 copies" or "42 %"; with any other word it is none."""
    found = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) and len(text) <= _LONGEST_NUMBER else None
    if found is None:
        return None
    sign, number, highest, unit = found.groups(default="")
    amount = _amount(float(number.replace(",", ".")), _SIGNS.get(sign, sign), "%" if unit == "%" else "")
    return replace(amount, upper=float(highest.replace(",", "."))) if amount and highest else amount


_LONGEST_NUMBER = 40
_SIGNS = {"\u2264": "<=", "\u2265": ">="}
_WRITTEN = re.compile(
    r"(<=|>=|<|>|\u2264|\u2265)?\s*(\d{1,6}(?:[.,]\d{1,4})?)(?:\s*[-\u2013~]\s*(\d{1,6}(?:[.,]\d{1,4})?))?\s*"
    r"(%|:\s*1|x|-?fold|ratio|(?:copies|copy|signals)(?:\s*(?:/|per)\s*(?:cell|nucleus))?)?",
    re.IGNORECASE,
)
