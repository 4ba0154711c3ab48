"""Readers of this pathway: a PatientRecord becomes Facts. May not: decide."""
