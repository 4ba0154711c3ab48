"""YAML knowledge of this pathway and its typed loaders."""
