"""What units and parameters are called."""
