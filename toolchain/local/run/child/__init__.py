"""The process that a function runs in; standard library only, as .venv is not importable there."""
