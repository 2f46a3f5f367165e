"""`invoke up`: the whole platform in one process on this machine, and the commands that talk about it.

ports ── the sockets it listens on          record ── .local/up.json: what runs, for the other commands
daemon ── in the background, and down       table ── what it prints
"""
