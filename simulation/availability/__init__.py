"""How much of the time services are there: exactly where parts are independent, by simulation where they are not."""
