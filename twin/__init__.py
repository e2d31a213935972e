"""The command line, drills and reports: where prediction meets reality."""
