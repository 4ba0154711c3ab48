"""Relapsed, progressing or refractory high-risk neuroblastoma in children.

`pathway.PATHWAY` is what `cds_server` runs; nothing else of this folder is imported from outside.
"""
