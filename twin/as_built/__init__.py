"""As built: every node of a standing estate is asked once, and what it says is held against what is declared.

`observer.py` runs on the nodes, `ask.py` sends it, `answer.py` is what came back; each module beside them is about one
noun and says of it both what is declared (from the estate, by way of plan, host variables and roles) and what was seen.
"""
