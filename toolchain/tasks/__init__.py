"""The bodies behind `invoke`'s tasks: each reads its options, calls the toolchain, prints.

Nothing heavy is imported before a task runs: `invoke` itself starts in a tenth of a second, and a
build that has nothing to do should not take much longer.
"""
