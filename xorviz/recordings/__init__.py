"""Training runs as files: written while they happen, read back checked, never trusted."""
