"""Functions that are called at times: when that is, and a clock that does it."""
