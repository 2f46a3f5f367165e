"""JSON Web Tokens: what is in them, how they are signed, and which are taken."""
