"""The Lambda triggers of a user pool: their events, and the rules they are called by."""
