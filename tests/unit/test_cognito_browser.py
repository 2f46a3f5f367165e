"""Cookies of the hosted UI, among those that other apps on localhost have set."""

import pytest

from toolchain.local.aws.messages import HttpRequest
from toolchain.local.cognito.hosted_ui.browser import is_own_form


@pytest.mark.parametrize(
    ("cookies", "is_own"),
    [
        ("XSRF-TOKEN=abc", True),
        ("theme=dark; XSRF-TOKEN=abc; lang=en", True),
        ('prefs={"a":1}; XSRF-TOKEN=abc', True),
        ("[odd]=\xfc, (b); ; flag; XSRF-TOKEN=abc", True),
        ('name="a;XSRF-TOKEN=abc', True),
        ("XSRF-TOKEN=abcd", False),
        ("MY-XSRF-TOKEN=abc", False),
        ("XSRF-TOKEN", False),
        ("XSRF-TOKEN=", False),
        ("", False),
    ],
)
def test_a_form_is_ours_with_the_cookie_of_its_page(cookies: str, is_own: bool) -> None:  # noqa: FBT001  a column
    """Whatever is in the cookies of others: some are JSON, for which RFC 6265 has no place."""
    request = HttpRequest("POST", "/login", headers=(("cookie", cookies),), body=b"_csrf=abc")
    assert is_own_form(request) is is_own
