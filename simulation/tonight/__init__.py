"""The night that is running: from where it stands now, what may still be decided, until when, and whom to call."""
