"""Scanners of terraform/: checkov, trivy, and own policies for what it misses.

`findings` is what both give, `ledger` holds the exceptions with their reasons, `plan` reads a plan's JSON.
"""
