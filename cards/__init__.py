"""Says: a decision becomes CDS Hooks cards. Pure: no clock, no network, no log; files are read once, at import."""
