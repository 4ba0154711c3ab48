"""Product names beside antibody names that look alike.

Place in the flow: options, drafts and cards say a regimen's name through this.
May not: turn one antibody into another; it only adds the product to what is already named.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BETA = re.compile(r"\b([Dd])inutuximab beta\b(?! \()")
_PLAIN = re.compile(r"\b([Dd])inutuximab\b(?! beta\b| BETA\b| \()")


@lru_cache(maxsize=1024)
def product_names(words: str) -> str:
    """Return the words with the product beside each dinutuximab ("dinutuximab BETA (Qarziba)").

    Evidence: QARZIBA, UNITUXIN
    """
    return _PLAIN.sub(r"\1inutuximab (Unituxin)", _BETA.sub(r"\1inutuximab BETA (Qarziba)", words))
