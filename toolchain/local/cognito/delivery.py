"""Send codes and invitations: to the inbox, where AWS would send an e-mail or an SMS."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.events.occasions import Occasion
from toolchain.local.cognito.attempts import Limits
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import InvalidLambdaResponseError, NotSupportedLocallyError
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.store.codes import FORGOT_PASSWORD, Code, Codes
from toolchain.local.cognito.store.inbox import Inbox, Message
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.messages import (
    CODE,
    USERNAME,
    CustomText,
    custom_message,
)
from toolchain.local.cognito.user import User

_DAY = 86400
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Sending:
    """Which message, to which of the user's addresses, asked for by whom."""

    occasion: Occasion
    attribute: str
    client_id: str | None
    client_metadata: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    codes: Codes
    inbox: Inbox
    limits: Limits
    triggers: Triggers
    clock: Clock

    def send_code(self, pool: Pool, user: User, purpose: str, sending: Sending) -> dict[str, str]:
        """Make a code, keep it and send it; returns CodeDeliveryDetails. Raises LimitExceededError.

        It is good for a day, or an hour where it opens the account. It replaces the last one as soon as
        there is a message for it, and before anybody can read that.
        https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html
        """
        self.limits.count_code(user, purpose)
        address = user.pending.get(sending.attribute) or user.attributes[sending.attribute]
        digits = f"{secrets.randbelow(10**6):06d}"
        message = self._compose(pool, user, sending, (address, digits))
        now = self.clock()
        seconds = _HOUR if purpose == FORGOT_PASSWORD else _DAY
        self.codes.put(user, purpose, Code(digits, now + seconds, address))
        self.inbox.add(message, now)
        return delivery_details(sending.attribute, address)

    def invite(self, pool: Pool, user: User, password: str, sending: Sending) -> None:
        """Send a new user the temporary password."""
        message = self._compose(pool, user, sending, (user.attributes[sending.attribute], password))
        self.inbox.add(message, self.clock())

    def _compose(self, pool: Pool, user: User, sending: Sending, secret: tuple[str, str]) -> Message:
        address, code = secret
        event = (sending.occasion, sending.client_id)
        custom = custom_message(self.triggers, pool, user, event, sending.client_metadata)
        subject, text = _subject_and_text(pool, sending, custom)
        return Message(
            pool_id=pool.id,
            username=user.username,
            medium=_medium(sending.attribute),
            recipient=address,
            occasion=sending.occasion,
            subject=subject,
            text=text.replace(CODE, code).replace(USERNAME, user.username),
            code=code,
        )


def delivery_details(attribute: str, address: str) -> dict[str, str]:
    """Where a code went, with most of the address left out.

    >>> delivery_details("email", "ada@example.com")["Destination"]
    'a***@e***'
    """
    name, _, host = address.partition("@")
    masked = f"{name[:1]}***@{host[:1]}***" if attribute == "email" else f"+*******{address[-4:]}"
    return {"Destination": masked, "DeliveryMedium": _medium(attribute), "AttributeName": attribute}


def _medium(attribute: str) -> str:
    return "EMAIL" if attribute == "email" else "SMS"


def _subject_and_text(pool: Pool, sending: Sending, custom: CustomText) -> tuple[str, str]:
    """The function's before the pool's."""
    template = _template(pool, sending.occasion)
    if template.get("DefaultEmailOption") == "CONFIRM_WITH_LINK" and sending.attribute == "email":
        raise NotSupportedLocallyError(
            "VerificationMessageTemplate.DefaultEmailOption CONFIRM_WITH_LINK is not supported locally;"
            " use CONFIRM_WITH_CODE"
        )
    if sending.attribute == "email":
        text = custom.email or template.get("EmailMessage") or f"Your verification code is {CODE}. "
        subject = custom.subject or template.get("EmailSubject") or "Your verification code"
    else:
        sms = template.get("SmsMessage") or template.get("SMSMessage")
        text, subject = custom.sms or sms or f"Your verification code is {CODE}. ", ""
    if CODE not in text:
        raise InvalidLambdaResponseError(f"CustomMessage: the message lacks {CODE}, the place of the code")
    return subject, text


def _template(pool: Pool, occasion: Occasion) -> Mapping[str, Any]:
    if occasion == "AdminCreateUser":
        admin = pool.settings.get("AdminCreateUserConfig") or {}
        return admin.get("InviteMessageTemplate") or {}
    template = dict(pool.settings.get("VerificationMessageTemplate") or {})
    legacy = {
        "EmailMessage": pool.settings.get("EmailVerificationMessage"),
        "EmailSubject": pool.settings.get("EmailVerificationSubject"),
        "SmsMessage": pool.settings.get("SmsVerificationMessage"),
    }
    return {**{key: value for key, value in legacy.items() if value}, **template}
