"""The data points."""
