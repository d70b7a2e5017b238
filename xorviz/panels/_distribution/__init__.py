"""How values are spread."""
