"""What a field shows of the outputs."""
