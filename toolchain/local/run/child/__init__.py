"""The process that a function runs in. It can import what Lambda's runtime has, and not the rest of .venv."""
