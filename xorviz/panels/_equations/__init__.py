"""The equations of one point."""
