"""Estates from what engineers have: workbooks of lists, NetBox's CSV files, topologies of other tools.

The way of one cell: `workbooks` reads it → `sheets` finds which list and field it is of → a module for each list makes
records of its rows → `assemble` makes an estate of the records → `write` puts it into a folder.
"""
