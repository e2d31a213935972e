"""The lab: a whole estate on one Linux host, in Podman containers and network namespaces.

`target.py` is the door; `segments`, `carrier_network`, `ports`, `containers` and `nodes` make things, `faults` breaks
them, `sweep` removes them without any state, `limits` says what this kernel cannot realise.
"""
