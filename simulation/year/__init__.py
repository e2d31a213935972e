"""A fiscal year of days: each one, or representative days with their weights."""
