"""Names of drugs that look alike: the word that tells them apart stands in tall letters.

Place in the flow: everything that people read on a card goes through `tall`; what machines read does not.
May not: change a name, only its letters.
"""

from __future__ import annotations

import re

_LOOK_ALIKE = re.compile(r"\b(dinutuximab) beta\b", re.IGNORECASE)
"""Dinutuximab beta and dinutuximab are two products with doses of their own."""


def tall(words: str) -> str:
    """Return the words with "dinutuximab BETA" for dinutuximab beta, which is not dinutuximab."""
    return _LOOK_ALIKE.sub(r"\1 BETA", words)
