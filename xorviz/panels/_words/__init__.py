"""Text with the numbers of a run."""
