"""What stops a comparison."""


class BenchmarkError(Exception):
    """A tool failed, or what it made is not a package of the workload; a number would mean nothing."""
