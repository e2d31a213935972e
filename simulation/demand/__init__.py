"""What the cities ask on a day: from the estate and a date to arrivals by hour, city and application."""
