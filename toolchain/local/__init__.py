"""Functions and their database on this machine."""
