"""Routers, their neighbours and gateways as they behave in time after a failure. One module per thing."""
