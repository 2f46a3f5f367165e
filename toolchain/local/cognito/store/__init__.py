"""What is kept on disk: pools, users, codes, sign-ins, messages. One SQLite file, whatever kills us."""
