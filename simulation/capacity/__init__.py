"""What is short first: the busiest hour of a year, growth until something is full, headroom after each failure."""
