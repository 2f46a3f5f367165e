"""InitiateAuth, RespondToAuthChallenge and their Admin twins: one file for each flow or challenge.

flow (InitiateAuth)          password.py  password_verifier.py (SRP)  custom.py  ../refreshing.py
    │  admission.py: may this user try?
    v
challenges (Respond...)      password_verifier.py  custom.py  new_password.py  software_token.py
    │  completion.py: is anything left to ask?
    v
PostAuthentication, tokens
"""
