"""Which snapshot a frame shows, and for how long."""
