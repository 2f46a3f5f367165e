"""Refusals that several tests expect: code and message, as AWS words them."""

WRONG = ("NotAuthorizedException", "Incorrect username or password.")
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
