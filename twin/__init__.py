"""The command line, the drills and their reports: where prediction meets reality."""
