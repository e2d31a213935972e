"""Places where an estate can stand. `lab` makes everything on one Linux host; `hosts` takes machines that exist."""
