"""Machines that exist, reached by SSH. Their network is checked against the inventory and never changed.

`machines.py` reads which machines there are, `ssh.py` reaches them, `inspection.py` compares them with the inventory,
`target.py` is the door.
"""
