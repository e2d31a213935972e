"""The estate as data: YAML files, their models, the loader and the rules. Leaves addresses and graphs to `topology`."""
