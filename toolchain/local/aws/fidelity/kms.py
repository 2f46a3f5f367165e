"""KMS: how often keys are rotated."""

import json

from moto.kms.responses import KmsResponse

_DEFAULT_DAYS = 365


def correct() -> None:
    _keep_rotation_periods()


def _keep_rotation_periods() -> None:
    """RotationPeriodInDays is dropped, so every plan sets it again.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
    """
    enable, describe = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def enable_key_rotation(self: KmsResponse) -> str:
        answer = enable(self)
        key = self.kms_backend.describe_key(self._get_param("KeyId"))
        key.__dict__["rotation_period_days"] = self._get_param("RotationPeriodInDays") or _DEFAULT_DAYS
        return answer

    def get_key_rotation_status(self: KmsResponse) -> str:
        found = json.loads(describe(self))
        key = self.kms_backend.describe_key(self._get_param("KeyId"))
        if found["KeyRotationEnabled"]:
            found["RotationPeriodInDays"] = vars(key).get("rotation_period_days", _DEFAULT_DAYS)
        return json.dumps({**found, "KeyId": key.arn})

    KmsResponse.enable_key_rotation = enable_key_rotation  # type: ignore[method-assign]
    KmsResponse.get_key_rotation_status = get_key_rotation_status  # type: ignore[method-assign]
