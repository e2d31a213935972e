"""Builds the estate: the Pulumi program, its components, the provider plugin and the targets it works on."""
