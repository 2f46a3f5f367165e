"""Lambda's data plane on this machine: processes that run functions, one for each request at a time.

functions ── registry (which code a name means)
    └─ pool ── attendance ── instance ═══ child/ (awslambdaric, the handler)
         └─ freshness, growth    └─ output ── logs/
events ── functions (again, when a call failed), then a destination
source, package ── registry (from a checkout; from zips that were deployed)

Processes of functions import from here what is in child/, without .venv: so nothing is imported here.
"""
