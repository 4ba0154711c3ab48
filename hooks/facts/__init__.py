"""Disease-free readers: what a chart says, with provenance."""
