"""One folder per disease; none imports another."""
