"""Codes that confirm a user: wrong, late, replaced, guessed, and asked for again and again."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.cognito.harness import LocalAws, PoolUnderTest, refused
from tests.integration.cognito.refusals import EXPIRED, MISMATCH

ADA = "ada@example.com"
EVE = "eve@example.com"
LIMIT = ("LimitExceededException", "Attempt limit exceeded, please try after some time.")


def test_wrong_code_is_refused(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    wrong = f"{(int(aws.code(ADA)) + 1) % 10**6:06d}"
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, wrong)
    assert refused(error) == MISMATCH


def test_code_of_another_user_is_refused(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    pool.sign_up(EVE)
    while aws.code(ADA) == aws.code(EVE):
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=EVE)
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, aws.code(EVE))
    assert refused(error) == MISMATCH


def test_code_expires_after_a_day(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    aws.clock.ahead = 24 * 3600 + 1
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA)
    assert refused(error) == EXPIRED
    pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=ADA)
    pool.confirm(ADA)


def test_new_code_replaces_the_last(aws: LocalAws, pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    first = aws.code(ADA)
    while aws.code(ADA) == first:
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=ADA)
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, first)
    assert refused(error) == MISMATCH
    pool.confirm(ADA)


def test_codes_cannot_be_guessed(aws: LocalAws, pool: PoolUnderTest) -> None:
    """After five wrong codes the right one is refused, too, for an hour."""
    pool.sign_up(ADA)
    right = aws.code(ADA)
    for number in range(1, 6):
        with pytest.raises(ClientError) as error:
            pool.confirm(ADA, f"{(int(right) + number) % 10**6:06d}")
        assert refused(error) == MISMATCH
    with pytest.raises(ClientError) as error:
        pool.confirm(ADA, right)
    assert refused(error) == LIMIT
    aws.clock.ahead = 3601
    pool.confirm(ADA, right)


def test_codes_are_not_sent_without_end(pool: PoolUnderTest) -> None:
    pool.sign_up(ADA)
    for _ in range(19):
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=ADA)
    with pytest.raises(ClientError) as error:
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=ADA)
    assert refused(error) == LIMIT
