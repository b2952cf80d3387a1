"""Change the world, and account for it."""
