"""How long Terraform takes to apply a stage to the local cloud, and what for; and deploys after the first.

proxy ── how long the server had requests     ui ── how long each resource took
waits ── what the provider waits in any case, and the longest chain of it
later ── nothing changed, one function, and back     load ── requests meanwhile
"""
