"""Decisions, feedback and used token ids in a database: SQLite by default, PostgreSQL by URL.

May not: hold patient data (keyed fingerprints only), or cost a clinician the cards when it fails.
"""
