"""The network that an estate describes: addresses, adjacencies, graph, drawings. Leaves behaviour in time to `simulation`."""
