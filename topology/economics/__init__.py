"""What the joint scheme costs and saves, and how its cost is divided."""
