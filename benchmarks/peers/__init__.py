"""The tools that are compared, all behind `Peer`."""
