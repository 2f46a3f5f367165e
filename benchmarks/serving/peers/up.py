"""`invoke up` of this checkout: the whole platform, with an authorizer that verifies tokens."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.processes import Command
from benchmarks.serving.site import SIGNED, Site
from benchmarks.surroundings import Surroundings, online
from toolchain.local.up.record import Record, read_record
from toolchain.project import Project

_START_SECONDS = 30
_NAME, _SECRET = "load@example.com", "A-pass-word-0f-a-benchmark"


@dataclass(frozen=True, slots=True)
class InvokeUp:
    """It brings its own database settings, Cognito and triggers along."""

    surroundings: Surroundings
    site: Site

    @property
    def name(self) -> str:
        return "invoke up"

    @property
    def version(self) -> str:
        return "this checkout"

    def prepare(self) -> None:
        """Nothing: a site is a project of this toolchain."""

    def command(self, port: int, database: Mapping[str, str], *, reload: bool) -> Command:
        """It always notices edits. What functions require it looks up in uv's cache first, by itself."""
        del database, reload
        return online(self.surroundings.command("invoke", "up", "--port", str(port), cwd=self.site.root))

    @property
    def handler(self) -> Path:
        return self.site.root / "functions" / "plain" / "handler.py"

    def sign_in(self) -> tuple[str, dict[str, str]]:
        """Sign up, or in: a token that the authorizer verifies."""
        import boto3

        record = self._record()
        cognito = boto3.client(
            "cognito-idp",
            endpoint_url=record.endpoint_url,
            region_name=record.region,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 - any will do
        )
        client, who = record.client_id, {"Username": _NAME, "Password": _SECRET}
        try:
            attributes = [{"Name": "email", "Value": _NAME}, {"Name": "name", "Value": "Load"}]
            cognito.sign_up(ClientId=client, UserAttributes=attributes, **who)
            cognito.admin_confirm_sign_up(UserPoolId=record.user_pool_id, Username=_NAME)
        except cognito.exceptions.UsernameExistsException:
            pass  # users outlive `up`
        signed_in = cognito.initiate_auth(
            ClientId=client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": _NAME, "PASSWORD": _SECRET},
        )
        token: str = signed_in["AuthenticationResult"]["AccessToken"]
        return SIGNED, {"Authorization": f"Bearer {token}"}

    def _record(self) -> Record:
        """What runs; said a moment after the first request can be served."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if record := read_record(Project(self.site.root)):
                return record
            time.sleep(0.05)
        raise BenchmarkError("`invoke up` does not run")
