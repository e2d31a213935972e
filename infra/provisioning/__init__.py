"""Running the playbooks from the provider: what they stand on, the run itself, and what became of their files."""
