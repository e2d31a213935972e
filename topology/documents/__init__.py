"""The documents that the trade hands over, made from an estate: tables first, then their files."""
