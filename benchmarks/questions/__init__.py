"""The questions that a run answers, each with the targets it is held against (issue: Speed to reach)."""
