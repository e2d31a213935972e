"""The network that an estate describes: addresses, neighbours, graph, drawings. Leaves time to `simulation`."""
