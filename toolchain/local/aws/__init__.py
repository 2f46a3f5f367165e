"""The AWS endpoint: every service that the local cloud has, at one address.

    endpoint.py   ASGI: reads requests, runs handlers in threads
        │
    handlers      each answers what is its own, and passes on the rest: Cognito's data plane, then
        v
    moto_app.py   moto, in this process, corrected by fidelity/; what moto lacks is refused by name

Clients need `AWS_ENDPOINT_URL` and nothing else.
"""
