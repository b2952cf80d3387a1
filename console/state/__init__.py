"""What the console believes, and how old that belief is."""
