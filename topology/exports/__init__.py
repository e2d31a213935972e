"""The network part of an estate in the forms that other tools read."""
