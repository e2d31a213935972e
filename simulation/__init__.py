"""The SimPy model of what happens after a failure, and the gate that holds predictions against promises."""
