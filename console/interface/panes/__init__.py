"""The parts of the workspace."""
