"""The records of an estate as frozen models, one file per kind. Leaves relations between records to `inventory.rules`."""
