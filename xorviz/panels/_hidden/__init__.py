"""Hidden space."""
