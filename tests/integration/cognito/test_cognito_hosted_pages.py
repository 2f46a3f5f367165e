"""The pages of the hosted UI, filled in as a user would: sign-up, forgotten passwords, challenges."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tests.integration.cognito.harness import PASSWORD, Event, LocalAws, PoolUnderTest, arn
from toolchain.local.cognito.totp import code_at

ADA = "ada@example.com"
NEW_PASSWORD = "Another-horse-1"
CALLBACK = "http://localhost:5173/"
OAUTH = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "CallbackURLs": [CALLBACK],
    "SupportedIdentityProviders": ["COGNITO"],
}


class _Page(HTMLParser):
    """The form of a page, with what is filled in already; links by their texts; what it tells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.shown: list[str] = []
        self.feed(text)
        links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', text)
        self.links = {unescape(label): unescape(target) for target, label in links}
        self.told = [unescape(told) for told in re.findall(r"<p role=(?:alert|status)>([^<]*)</p>", text)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.action = attributes["action"] or ""
        if tag == "input":
            name = attributes["name"] or ""
            self.fields[name] = attributes.get("value") or ""
            if attributes.get("type") != "hidden":
                self.shown.append(name)


@dataclass
class Browser:
    """Somebody in front of the pages of one client."""

    site: PoolUnderTest
    session: requests.Session

    def open(self, path: str) -> _Page:
        parameters = {"client_id": self.site.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
        return self.follow(f"{path}?{urlencode(parameters)}")

    def follow(self, path: str) -> _Page:
        answer = self.session.get(f"{self.site.aws.url}{path}", timeout=10)
        assert answer.status_code == 200, answer.text
        return _Page(answer.text)

    def send(self, page: _Page, **filled_in: str) -> _Page:
        """What comes of a form; there is no redirect."""
        answer = self.post(page, filled_in)
        assert answer.status_code == 200, answer.text
        return _Page(answer.text)

    def enter(self, page: _Page, **filled_in: str) -> str:
        """The form lets the user in: the address of the user in the tokens for the code."""
        answer = self.post(page, filled_in)
        assert answer.status_code == 302, _Page(answer.text).told
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        form = {
            "grant_type": "authorization_code",
            "client_id": self.site.client_id,
            "code": code,
            "redirect_uri": CALLBACK,
        }
        tokens = requests.post(f"{self.site.aws.url}/oauth2/token", data=form, timeout=10).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        known = requests.get(f"{self.site.aws.url}/oauth2/userInfo", headers=headers, timeout=10).json()
        return str(known["email"])

    def post(self, page: _Page, filled_in: dict[str, str]) -> requests.Response:
        assert sorted(filled_in) == sorted(page.shown), "nothing is left out, and nothing else is there"
        return self.session.post(
            f"{self.site.aws.url}{page.action}",
            data={**page.fields, **filled_in},
            allow_redirects=False,
            timeout=10,
        )


@pytest.fixture
def site(aws: LocalAws) -> PoolUnderTest:
    pool = aws.pool(software_tokens="OPTIONAL")
    return PoolUnderTest(aws, pool.id, pool.app_client(**OAUTH)["ClientId"])


@pytest.fixture
def browser(site: PoolUnderTest) -> Iterator[Browser]:
    with requests.Session() as session:
        yield Browser(site, session)


def test_sign_up_confirm_sign_in(aws: LocalAws, browser: Browser) -> None:
    """Mistakes stay on their page, and what was filled in there."""
    page = browser.follow(browser.open("/login").links["Sign up"])
    page = browser.send(page, username=ADA, password="short")
    assert page.told == ["Password did not conform with policy: Password not long enough"]
    assert page.fields["username"] == ADA
    page = browser.send(page, username=ADA, password=PASSWORD)
    assert page.told == ["We have sent you a code."]
    page = browser.send(page, code="wrong")
    assert page.told == ["Invalid verification code provided, please try again."]
    page = browser.send(page, code=aws.code(ADA))
    assert page.told == ["You are confirmed, and can sign in now."]
    assert browser.enter(page, username=ADA, password=PASSWORD) == ADA


def test_code_is_sent_again(aws: LocalAws, site: PoolUnderTest, browser: Browser) -> None:
    """For those who have closed the page."""
    site.sign_up(ADA)
    first = aws.code(ADA)
    page = browser.open("/login")
    page = browser.send(page, username=ADA, password=PASSWORD)
    assert page.told == ["User is not confirmed."]
    page = browser.send(browser.follow(page.links["Enter a code"]), username=ADA)
    assert page.told == ["We have sent you another code."]
    assert [message["code"] for message in aws.inbox(ADA)][1:] == [first]
    page = browser.send(page, code=aws.code(ADA))
    assert browser.enter(page, username=ADA, password=PASSWORD) == ADA


def test_sign_up_asks_for_what_the_pool_requires(aws: LocalAws) -> None:
    schema = [{"Name": "family_name", "AttributeDataType": "String", "Required": True}]
    pool = aws.pool(UsernameAttributes=None, Schema=schema)
    client = pool.app_client(**OAUTH, GenerateSecret=True)["ClientId"]
    with requests.Session() as session:
        browser = Browser(PoolUnderTest(aws, pool.id, client), session)
        page = browser.open("/signup")
        assert page.shown == ["username", "attribute.family_name", "attribute.email", "password"]
        names = {"attribute.family_name": "Lovelace", "attribute.email": ADA}
        page = browser.send(page, username="ada", password=PASSWORD, **names)
        page = browser.send(page, code=aws.code(ADA))
        assert page.told == ["You are confirmed, and can sign in now."]


def test_forgotten_password(aws: LocalAws, site: PoolUnderTest, browser: Browser) -> None:
    """The old one is worth nothing then."""
    site.confirmed(ADA)
    page = browser.follow(browser.open("/login").links["Forgot your password?"])
    page = browser.send(page, username=ADA)
    assert page.told == ["We have sent you a code."]
    page = browser.send(page, code="000000", password=NEW_PASSWORD)
    assert page.told == ["Invalid verification code provided, please try again."]
    page = browser.send(page, code=aws.code(ADA), password=NEW_PASSWORD)
    assert page.told == ["Your password has been changed."]
    page = browser.send(page, username=ADA, password=PASSWORD)
    assert page.told == ["Incorrect username or password."]
    assert browser.enter(page, username=ADA, password=NEW_PASSWORD) == ADA


def test_new_password_is_required(site: PoolUnderTest, browser: Browser) -> None:
    """Of users who were made by an administrator."""
    site.idp.admin_create_user(
        UserPoolId=site.id,
        Username=ADA,
        TemporaryPassword=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": ADA}],
    )
    page = browser.send(browser.open("/login"), username=ADA, password=PASSWORD)
    page = browser.send(page, password="short")
    assert page.told == ["Password did not conform with policy: Password not long enough"]
    assert browser.enter(page, password=NEW_PASSWORD) == ADA
    assert site.sign_in(ADA, NEW_PASSWORD)


def test_code_of_an_app(aws: LocalAws, site: PoolUnderTest, browser: Browser) -> None:
    """A code is good once, a wrong one may be corrected; only then is the user in."""
    site.confirmed(ADA)
    token = site.sign_in(ADA)["AccessToken"]
    secret = site.idp.associate_software_token(AccessToken=token)["SecretCode"]
    now = aws.clock()
    site.idp.verify_software_token(AccessToken=token, UserCode=code_at(secret, int(now) // 30))
    site.idp.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    page = browser.send(browser.open("/login"), username=ADA, password=PASSWORD)
    page = browser.send(page, code=code_at(secret, int(now) // 30))
    assert page.told == ["Your software token has already been used once."]
    aws.clock.ahead = 60
    assert browser.enter(page, code=code_at(secret, int(aws.clock()) // 30)) == ADA


def test_app_is_set_up(aws: LocalAws) -> None:
    """Where the pool requires a second factor, before the first sign-in ends."""
    pool = aws.pool(software_tokens="ON")
    pool.confirmed(ADA)
    client = pool.app_client(**OAUTH)["ClientId"]
    with requests.Session() as session:
        browser = Browser(PoolUnderTest(aws, pool.id, client), session)
        page = browser.send(browser.open("/login"), username=ADA, password=PASSWORD)
        secret = page.told[0].rpartition(" ")[2]
        page = browser.send(page, code="000000")
        assert page.told == ["Code mismatch"]
        page = browser.send(page, username=ADA, password=PASSWORD)
        secret = page.told[0].rpartition(" ")[2]
        assert browser.enter(page, code=code_at(secret, int(aws.clock()) // 30)) == ADA


def test_session_of_another_user_lets_nobody_in(site: PoolUnderTest, browser: Browser) -> None:
    """What a form has hidden is checked like everything else."""
    for name in (ADA, "eve@example.com"):
        site.idp.admin_create_user(UserPoolId=site.id, Username=name, TemporaryPassword=PASSWORD)
    page = browser.send(browser.open("/login"), username="eve@example.com", password=PASSWORD)
    page.fields["username"] = ADA
    page = browser.send(page, password=NEW_PASSWORD)
    assert page.told == ["Invalid session for the user."]
    assert page.shown == ["username", "password"]


def test_custom_challenges_are_refused_by_name(aws: LocalAws, site: PoolUnderTest) -> None:
    site.confirmed(ADA)
    client = site.app_client(**OAUTH, ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH"])["ClientId"]
    with requests.Session() as session:
        browser = Browser(PoolUnderTest(aws, site.id, client), session)
        page = browser.send(browser.open("/login"), username=ADA, password=PASSWORD)
    assert page.told == ["CUSTOM_AUTH is not supported on this page; sign in through the API"]


@pytest.mark.parametrize("path", ["/signup", "/confirm", "/forgotPassword", "/confirmForgotPassword"])
def test_forms_of_other_sites_are_not_taken(aws: LocalAws, browser: Browser, path: str) -> None:
    """Without the cookie that came with the page nothing is done."""
    page = browser.open(path)
    browser.session.cookies.clear()
    page = browser.send(page, **dict.fromkeys(page.shown, ADA))
    assert page.told == ["The form has expired; please try again."]
    assert aws.inbox() == []


def test_administrators_sign_others_up(aws: LocalAws) -> None:
    pool = aws.pool(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    client = pool.app_client(**OAUTH)["ClientId"]
    with requests.Session() as session:
        browser = Browser(PoolUnderTest(aws, pool.id, client), session)
        assert "Sign up" not in browser.open("/login").links
        page = browser.send(browser.open("/signup"), username=ADA, password=PASSWORD)
    assert page.told == ["SignUp is not permitted for this user pool"]


def test_app_is_told_that_a_function_refused_the_tokens(
    aws: LocalAws, site: PoolUnderTest, browser: Browser
) -> None:
    """In the implicit flow they are made before the redirect: at the sign-in, or for who has signed in."""

    def refuse(_event: Event) -> Event:
        raise PermissionError("closed")

    site.confirmed(ADA)
    aws.functions.handlers["tokens"] = refuse
    site.idp.update_user_pool(UserPoolId=site.id, LambdaConfig={"PreTokenGeneration": arn("tokens")})
    client_id = site.app_client(**{**OAUTH, "AllowedOAuthFlows": ["implicit"]})["ClientId"]
    asked = urlencode({"client_id": client_id, "redirect_uri": CALLBACK, "response_type": "token"})
    description = "PreTokenGeneration failed with error closed."
    told = f"{CALLBACK}#{urlencode({'error': 'invalid_request', 'error_description': description})}"
    signing_in = {"username": ADA, "password": PASSWORD}

    answer = browser.post(browser.follow(f"/login?{asked}"), signing_in)
    assert (answer.status_code, answer.headers["location"]) == (302, told)
    browser.post(browser.open("/login"), signing_in)
    answer = browser.session.get(f"{aws.url}/oauth2/authorize?{asked}", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["location"]) == (302, told)
