"""One module for each resource type; each holds its inputs and its handler. `infra.provider.registry` lists them."""
