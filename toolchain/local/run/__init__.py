"""One function on one event, in a process of its own, as Lambda would run it.

    event ────────┐
    dependencies ─┼─ environment ── invocation ── process ═══ child (imports the handler, calls it)
    database ─────┘                     └─ outcome: the result, or what failed and a hint

The child's end of the conversation is in child/, which imports nothing from here.
"""
