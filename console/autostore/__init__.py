"""Speaks to the AutoStore controller, and knows nothing else."""
