"""Decides. Pure: no HTTP, no database, no clock, no logging."""
