"""A day of the estate: interactive load, servers and circuits hour by hour, with batch, copies and failures."""
