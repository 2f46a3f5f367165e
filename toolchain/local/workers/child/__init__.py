"""What runs in the processes of functions; standard library only, as .venv is not importable there.

nursery ── forks ──> instance ── awslambdaric's bootstrap ── the handler
   └─ control socket          └─ runtime: the Runtime API, over a socket to the server
"""
