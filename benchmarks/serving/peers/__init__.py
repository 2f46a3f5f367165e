"""The servers that are compared, all behind `Peer`."""
