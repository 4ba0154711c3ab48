"""Concepts as data: codes, drug names, drug classes, each with its source."""
