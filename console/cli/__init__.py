"""The `portside` verbs, a file per family."""
