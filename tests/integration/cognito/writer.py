"""A process that signs users up until it is killed: `python writer.py DIRECTORY`.

It prints an e-mail after its user is confirmed; whatever was printed must never be lost.
"""

import sys
import time
from pathlib import Path

from tests.integration.cognito.harness import FakeFunctions
from toolchain.local.cognito.provision import provision
from toolchain.local.cognito.request import Request
from toolchain.local.cognito.service import open_cognito
from toolchain.local.place import Place


def main(directory: Path) -> None:
    cognito = open_cognito(directory, FakeFunctions(), time.time)
    client_id = provision(cognito.services.pools, [], Place("123456789012", "eu-west-1")).client_id
    for number in range(10**6):
        email = f"user{number}@example.com"
        user = {"ClientId": client_id, "Username": email}
        cognito.operations["SignUp"](Request({**user, "Password": "Correct-horse-1"}))
        code = cognito.services.inbox.read(email)[0]["code"]
        cognito.operations["ConfirmSignUp"](Request({**user, "ConfirmationCode": code}))
        print(email, flush=True)  # noqa: T201  the answer


main(Path(sys.argv[1]))
