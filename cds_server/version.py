"""The version of this software, as its package says it."""

from importlib.metadata import version

VERSION = version("relapse-cds")
