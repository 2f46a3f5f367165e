"""The hosted UI with a browser's means: redirects, cookies, forms."""

import base64
import hashlib
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.integration.cognito.harness import PASSWORD, LocalAws, PoolUnderTest, arn, claims

ADA = "ada@example.com"
CALLBACK = "http://localhost:5173/"
VERIFIER = "a-secret-of-the-app-that-is-43-characters-long"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
OAUTH = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email", "aws.cognito.signin.user.admin"],
    "CallbackURLs": [CALLBACK],
    "LogoutURLs": [CALLBACK],
    "SupportedIdentityProviders": ["COGNITO"],
}


@pytest.fixture
def site(aws: LocalAws) -> PoolUnderTest:
    """A pool whose client may use the hosted UI, and a user of it."""
    pool = aws.pool()
    client_id = pool.app_client(**OAUTH)["ClientId"]
    pool = PoolUnderTest(aws, pool.id, client_id)
    pool.confirmed(ADA)
    return pool


def parameters(site: PoolUnderTest, **changes: str | None) -> dict[str, str]:
    usual = {
        "client_id": site.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
        "state": "xyz",
        "nonce": "n-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def authorize(site: PoolUnderTest, browser: requests.Session, **changes: str | None) -> requests.Response:
    return browser.get(
        f"{site.aws.url}/oauth2/authorize", params=parameters(site, **changes), allow_redirects=False
    )


def fill_in(
    site: PoolUnderTest, browser: requests.Session, page: requests.Response, password: str = PASSWORD
) -> requests.Response:
    """Send the form on a page, as a browser does."""
    action = re.search(r'action="([^"]*)"', page.text)
    token = re.search(r'name=_csrf value="([^"]*)"', page.text)
    assert action
    assert token
    fields = {"username": ADA, "password": password, "_csrf": unescape(token[1])}
    return browser.post(f"{site.aws.url}{unescape(action[1])}", data=fields, allow_redirects=False)


def signed_in(site: PoolUnderTest, browser: requests.Session, **changes: str | None) -> dict[str, str]:
    """What the app gets in the redirect."""
    to_login = authorize(site, browser, **changes)
    page = browser.get(f"{site.aws.url}{to_login.headers['location']}")
    assert page.status_code == 200
    return answer_of(fill_in(site, browser, page))


def answer_of(response: requests.Response) -> dict[str, str]:
    assert response.status_code == 302, response.text
    location = urlsplit(response.headers["location"])
    assert location._replace(query="", fragment="").geturl() == CALLBACK
    return {name: values[0] for name, values in parse_qs(location.query or location.fragment).items()}


def exchange(site: PoolUnderTest, code: str, **changes: str | None) -> requests.Response:
    usual = {
        "grant_type": "authorization_code",
        "client_id": site.client_id,
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    form = {name: value for name, value in {**usual, **changes}.items() if value is not None}
    return requests.post(f"{site.aws.url}/oauth2/token", data=form, timeout=10)


def test_code_with_proof_gives_tokens(site: PoolUnderTest) -> None:
    """The whole way; a code that was used is worth nothing, the cookie spares the next sign-in."""
    with requests.Session() as browser:
        answer = signed_in(site, browser)
        assert answer["state"] == "xyz"
        tokens = exchange(site, answer["code"]).json()
        assert tokens["token_type"] == "Bearer"
        assert claims(tokens["id_token"])["nonce"] == "n-1"
        access = claims(tokens["access_token"])
        assert (access["scope"], access["version"]) == ("openid email", 2)
        again = exchange(site, answer["code"])
        assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
        assert "code" in answer_of(authorize(site, browser))

        information = requests.get(
            f"{site.aws.url}/oauth2/userInfo",
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
            timeout=10,
        ).json()
        assert information == {
            "sub": access["sub"],
            "username": access["sub"],
            "email": ADA,
            "email_verified": "true",
        }
        out = browser.get(
            f"{site.aws.url}/logout",
            params={"client_id": site.client_id, "logout_uri": CALLBACK},
            allow_redirects=False,
        )
        assert out.headers["location"] == CALLBACK
        assert authorize(site, browser).headers["location"].startswith("/login?")


def test_refresh_token_is_exchanged_and_revoked(site: PoolUnderTest) -> None:
    with requests.Session() as browser:
        tokens = exchange(site, signed_in(site, browser)["code"]).json()
    form = {
        "grant_type": "refresh_token",
        "client_id": site.client_id,
        "refresh_token": tokens["refresh_token"],
    }
    again = requests.post(f"{site.aws.url}/oauth2/token", data=form, timeout=10).json()
    assert claims(again["access_token"])["scope"] == "openid email"
    assert "refresh_token" not in again
    revoked = requests.post(
        f"{site.aws.url}/oauth2/revoke",
        data={"token": tokens["refresh_token"], "client_id": site.client_id},
        timeout=10,
    )
    assert (revoked.status_code, revoked.content) == (200, b"")
    refused = requests.post(f"{site.aws.url}/oauth2/token", data=form, timeout=10)
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})


def test_wrong_password_stays_on_the_page(site: PoolUnderTest) -> None:
    with requests.Session() as browser:
        page = browser.get(f"{site.aws.url}{authorize(site, browser).headers['location']}")
        answer = fill_in(site, browser, page, "Wrong-horse-1")
    assert answer.status_code == 200
    assert "Incorrect username or password." in answer.text


def test_form_of_another_site_is_not_taken(site: PoolUnderTest) -> None:
    """Without the cookie that its page set, a right password signs nobody in."""
    with requests.Session() as browser:
        page = browser.get(f"{site.aws.url}{authorize(site, browser).headers['location']}")
        browser.cookies.clear()
        answer = fill_in(site, browser, page)
    assert answer.status_code == 200
    assert "The form has expired" in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another"},
        {"code_verifier": None},
        {"redirect_uri": "http://localhost:3000/"},
        {"code": "guessed"},
    ],
)
def test_code_without_its_proof_is_refused(site: PoolUnderTest, changes: dict[str, str | None]) -> None:
    with requests.Session() as browser:
        code = signed_in(site, browser)["code"]
    answer = exchange(site, changes.pop("code", None) or code, **changes)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_code_expires(site: PoolUnderTest) -> None:
    with requests.Session() as browser:
        code = signed_in(site, browser)["code"]
    site.aws.clock.ahead = 301
    assert exchange(site, code).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unauthorized_client"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"scope": "openid phone"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"identity_provider": "Google"}, "invalid_request"),
    ],
)
def test_app_is_told_what_is_wrong(site: PoolUnderTest, changes: dict[str, str], error: str) -> None:
    with requests.Session() as browser:
        answer = answer_of(authorize(site, browser, **changes))
    assert (answer["error"], answer["state"]) == (error, "xyz")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"client_id": "<script>"}, "client_id &#x27;&lt;script&gt;&#x27; is no app client&#x27;s"),
        ({"redirect_uri": "http://localhost:5173/evil"}, "none of the client&#x27;s CallbackURLs"),
        ({"redirect_uri": "http://evil.example.com/"}, "none of the client&#x27;s CallbackURLs"),
    ],
)
def test_nobody_is_redirected_to_strangers(
    site: PoolUnderTest, changes: dict[str, str], problem: str
) -> None:
    with requests.Session() as browser:
        answer = authorize(site, browser, **changes)
    assert answer.status_code == 400
    assert problem in answer.text


def test_implicit_flow_answers_in_the_fragment(aws: LocalAws, site: PoolUnderTest) -> None:
    client_id = site.app_client(**{**OAUTH, "AllowedOAuthFlows": ["implicit"]})["ClientId"]
    site = PoolUnderTest(aws, site.id, client_id)
    with requests.Session() as browser:
        answer = signed_in(
            site, browser, response_type="token", code_challenge=None, code_challenge_method=None
        )
    assert claims(answer["access_token"])["client_id"] == client_id
    assert claims(answer["id_token"])["email"] == ADA


def test_program_gets_a_token_for_itself(aws: LocalAws, site: PoolUnderTest) -> None:
    """Client credentials: the scopes of resource servers, by the client's secret."""
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read"}]
    site.idp.create_resource_server(UserPoolId=site.id, Identifier="things", Name="things", Scopes=scopes)
    client = site.app_client(
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["things/read"],
    )
    credentials = (client["ClientId"], client["ClientSecret"])

    def post(secret: str, **form: str) -> requests.Response:
        return requests.post(
            f"{aws.url}/oauth2/token",
            data={"grant_type": "client_credentials", **form},
            auth=(credentials[0], secret),
            timeout=10,
        )

    answer = post(credentials[1], scope="things/read").json()
    found = claims(answer["access_token"])
    assert (found["sub"], found["scope"]) == (client["ClientId"], "things/read")
    assert "id_token" not in answer
    assert post("wrong").json() == {"error": "invalid_client"}
    assert post(credentials[1], scope="things/write").json() == {"error": "invalid_scope"}
    assert post(credentials[1], grant_type="password").json() == {"error": "unsupported_grant_type"}


def test_user_of_the_page_goes_through_the_triggers(aws: LocalAws, site: PoolUnderTest) -> None:
    names = ("PreAuthentication", "PostAuthentication", "PreTokenGeneration")
    for name in names:
        aws.functions.handlers[name] = lambda event: event
    site.idp.update_user_pool(UserPoolId=site.id, LambdaConfig={name: arn(name) for name in names})
    with requests.Session() as browser:
        exchange(site, signed_in(site, browser)["code"])
    assert aws.functions.sources() == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_HostedAuth",
    ]


def test_page_that_is_not_there_says_so(site: PoolUnderTest) -> None:
    answer = requests.get(f"{site.aws.url}/passkeys/add", timeout=10)
    assert answer.status_code == 400
    assert "/passkeys/add is not supported locally; use the API" in answer.text


def test_user_info_asks_for_a_token_with_openid(site: PoolUnderTest) -> None:
    token = site.sign_in(ADA)["AccessToken"]
    for value, error in ((f"Bearer {token}", "invalid_token"), ("", "invalid_request")):
        answer = requests.get(f"{site.aws.url}/oauth2/userInfo", headers={"Authorization": value}, timeout=10)
        assert (answer.status_code, answer.json()["error"]) == (401, error)
