"""One module per command; each defines `command`. Imported only when its command is asked for."""
