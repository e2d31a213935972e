"""The records of an estate as frozen models, one file per kind. Leaves relations between them to `inventory.rules`."""
