"""Speaks to the Kolmisoft MOR server, and knows nothing else."""
