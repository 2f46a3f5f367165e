"""Cognito user pools: everything that moto keeps no promise about. SRP, codes, triggers, tokens, hosted UI.

    http.py ──> operations/   one file for each, or for a few of a kind: Request -> Document
                  │   sign_in/      InitiateAuth and its challenges
                  ├── hosted_ui/    OAuth 2.0 and the sign-in page
                  ├── triggers/     the functions of the pool's Lambda triggers
                  ├── tokens/       claims, signing, reading
                  └── store/        SQLite: what survives a restart

Pools, clients and groups are moto's (CreateUserPool and the like); moto_pools.py reads them, and brings
them back after a restart. service.py puts everything together.
"""
