"""Role variables derived from the model, one file per role. Leaves connections to `hosts.py`."""
