"""OAuth 2.0 and OpenID Connect: the paths of a pool's domain, and a plain sign-in page.

    /oauth2/authorize ──> /login ──> redirect with a code ──> /oauth2/token
                            ├── /signup, /confirm
                            └── /forgotPassword, /confirmForgotPassword
    /oauth2/userInfo  /oauth2/revoke  /logout

All pools are at one address here: the client's id says which pool is meant. Other identity providers and
passkeys have no pages. /confirm is ours: AWS does not document where its page for the code is.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html
"""

from toolchain.local.cognito.hosted_ui.routes import HostedUi, open_hosted_ui

__all__ = ["HostedUi", "open_hosted_ui"]
