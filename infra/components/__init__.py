"""What engineers name: site, circuit, logical line, server. Each checks its configuration before anything exists."""
