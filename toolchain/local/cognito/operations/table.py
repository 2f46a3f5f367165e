"""Every operation by its name in the API, each with the services it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolchain.local.cognito.operations.admin_attributes import (
    AdminDeleteUserAttributes,
    AdminUpdateUserAttributes,
)
from toolchain.local.cognito.operations.admin_create_user import AdminCreateUser
from toolchain.local.cognito.operations.admin_passwords import AdminResetUserPassword, AdminSetUserPassword
from toolchain.local.cognito.operations.admin_users import (
    AdminDeleteUser,
    AdminGetUser,
    AdminSwitchUser,
    AdminUserGlobalSignOut,
    NamedUser,
)
from toolchain.local.cognito.operations.change_password import ChangePassword
from toolchain.local.cognito.operations.confirm_sign_up import AdminConfirmSignUp, ConfirmSignUp
from toolchain.local.cognito.operations.forgot_password import ConfirmForgotPassword, ForgotPassword
from toolchain.local.cognito.operations.groups import (
    AdminAddUserToGroup,
    AdminListGroupsForUser,
    AdminRemoveUserFromGroup,
    ListUsersInGroup,
)
from toolchain.local.cognito.operations.initiate_auth import AdminInitiateAuth, InitiateAuth
from toolchain.local.cognito.operations.list_users import ListUsers
from toolchain.local.cognito.operations.mfa_preference import AdminSetUserMfaPreference, SetUserMfaPreference
from toolchain.local.cognito.operations.own_account import DeleteUser, GetUser, GlobalSignOut
from toolchain.local.cognito.operations.own_attributes import (
    DeleteUserAttributes,
    GetUserAttributeVerificationCode,
    UpdateUserAttributes,
    VerifyUserAttribute,
)
from toolchain.local.cognito.operations.refresh_tokens import GetTokensFromRefreshToken, RevokeToken
from toolchain.local.cognito.operations.resend_confirmation_code import ResendConfirmationCode
from toolchain.local.cognito.operations.respond_to_auth_challenge import (
    AdminRespondToAuthChallenge,
    Challenges,
    RespondToAuthChallenge,
)
from toolchain.local.cognito.operations.sign_up import SignUp
from toolchain.local.cognito.operations.software_tokens import (
    AssociateSoftwareToken,
    Owners,
    VerifySoftwareToken,
)
from toolchain.local.cognito.refreshing import RefreshFlow
from toolchain.local.cognito.sign_in import completion
from toolchain.local.cognito.sign_in.custom import (
    CUSTOM_CHALLENGE,
    CustomAnswer,
    CustomFlow,
    CustomPassword,
    Dialogue,
)
from toolchain.local.cognito.sign_in.new_password import NewPassword
from toolchain.local.cognito.sign_in.password import PasswordFlow
from toolchain.local.cognito.sign_in.password_verifier import CHALLENGE, PasswordVerifier, SrpFlow
from toolchain.local.cognito.sign_in.software_token import MfaSetup, SoftwareTokenMfa

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolchain.local.cognito.operations import Operation
    from toolchain.local.cognito.services import Services
    from toolchain.local.cognito.sign_in.steps import Challenge, Flow


def operations(s: Services) -> dict[str, Operation]:
    """What the local Cognito answers itself; all else is moto's, or not supported."""
    return {**_sign_up(s), **_sign_in(s), **_own(s), **_second_factors(s), **_administration(s)}


def _sign_up(s: Services) -> dict[str, Operation]:
    return {
        "SignUp": SignUp(s.pools, s.users, s.triggers, s.delivery, s.clock),
        "ConfirmSignUp": ConfirmSignUp(s.pools, s.users, s.codes, s.verification, s.triggers, s.clock),
        "AdminConfirmSignUp": AdminConfirmSignUp(s.pools, s.users, s.codes, s.triggers, s.clock),
        "ResendConfirmationCode": ResendConfirmationCode(s.pools, s.users, s.delivery),
        "ForgotPassword": ForgotPassword(s.pools, s.users, s.migration, s.delivery),
        "ConfirmForgotPassword": ConfirmForgotPassword(
            s.pools, s.users, s.verification, s.lockout, s.triggers, s.clock
        ),
    }


def _sign_in(s: Services) -> dict[str, Operation]:
    dialogue = Dialogue(s.sessions, s.proof, s.completion, s.triggers)
    flows, challenges = _flows(s, dialogue), _challenges(s, dialogue)
    return {
        "InitiateAuth": InitiateAuth(s.pools, flows),
        "AdminInitiateAuth": AdminInitiateAuth(s.pools, flows),
        "RespondToAuthChallenge": RespondToAuthChallenge(s.pools, challenges),
        "AdminRespondToAuthChallenge": AdminRespondToAuthChallenge(s.pools, challenges),
        "GetTokensFromRefreshToken": GetTokensFromRefreshToken(s.pools, s.refreshing),
        "RevokeToken": RevokeToken(s.pools, s.sign_ins, s.key),
    }


def _flows(s: Services, dialogue: Dialogue) -> Mapping[str, Flow]:
    password = PasswordFlow(s.password, s.completion)
    refresh = RefreshFlow(s.refreshing)
    return {
        "USER_SRP_AUTH": SrpFlow(s.admission, s.proof),
        "USER_PASSWORD_AUTH": password,
        "ADMIN_USER_PASSWORD_AUTH": password,
        "ADMIN_NO_SRP_AUTH": password,
        "CUSTOM_AUTH": CustomFlow(s.admission, dialogue),
        "REFRESH_TOKEN_AUTH": refresh,
        "REFRESH_TOKEN": refresh,
    }


def _challenges(s: Services, dialogue: Dialogue) -> Challenges:
    answers: dict[str, Challenge] = {
        CHALLENGE: PasswordVerifier(s.proof, s.completion),
        CUSTOM_CHALLENGE: CustomAnswer(s.users, s.sessions, dialogue, s.triggers),
        completion.NEW_PASSWORD_REQUIRED: NewPassword(s.answering, s.users, s.completion, s.clock),
        completion.SOFTWARE_TOKEN_MFA: SoftwareTokenMfa(
            s.answering, s.users, s.lockout, s.completion, s.clock
        ),
        completion.MFA_SETUP: MfaSetup(s.answering, s.users, s.completion),
    }
    return Challenges(answers, CustomPassword(s.users, s.sessions, s.proof, dialogue))


def _own(s: Services) -> dict[str, Operation]:
    return {
        "GetUser": GetUser(s.tokens),
        "DeleteUser": DeleteUser(s.tokens, s.users),
        "GlobalSignOut": GlobalSignOut(s.tokens, s.sign_ins),
        "ChangePassword": ChangePassword(s.tokens, s.users, s.limits, s.clock),
        "UpdateUserAttributes": UpdateUserAttributes(s.tokens, s.updating),
        "DeleteUserAttributes": DeleteUserAttributes(s.tokens, s.users, s.clock),
        "GetUserAttributeVerificationCode": GetUserAttributeVerificationCode(s.tokens, s.delivery),
        "VerifyUserAttribute": VerifyUserAttribute(s.tokens, s.users, s.codes, s.verification, s.clock),
    }


def _second_factors(s: Services) -> dict[str, Operation]:
    owners = Owners(s.tokens, s.pools, s.sessions)
    return {
        "AssociateSoftwareToken": AssociateSoftwareToken(owners, s.users),
        "VerifySoftwareToken": VerifySoftwareToken(owners, s.users, s.clock),
        "SetUserMFAPreference": SetUserMfaPreference(s.tokens, s.users),
        "AdminSetUserMFAPreference": AdminSetUserMfaPreference(NamedUser(s.pools, s.users), s.users),
    }


def _administration(s: Services) -> dict[str, Operation]:
    named = NamedUser(s.pools, s.users)
    return {
        "AdminCreateUser": AdminCreateUser(s.pools, s.users, s.triggers, s.delivery, s.clock),
        "AdminGetUser": AdminGetUser(named),
        "AdminDeleteUser": AdminDeleteUser(named, s.users),
        "AdminDisableUser": AdminSwitchUser(named, s.users, s.sign_ins, s.clock, enable=False),
        "AdminEnableUser": AdminSwitchUser(named, s.users, s.sign_ins, s.clock, enable=True),
        "AdminUserGlobalSignOut": AdminUserGlobalSignOut(named, s.sign_ins),
        "AdminSetUserPassword": AdminSetUserPassword(named, s.users, s.lockout, s.clock),
        "AdminResetUserPassword": AdminResetUserPassword(named, s.users, s.sign_ins, s.delivery, s.clock),
        "AdminUpdateUserAttributes": AdminUpdateUserAttributes(named, s.updating),
        "AdminDeleteUserAttributes": AdminDeleteUserAttributes(named, s.users, s.clock),
        "AdminAddUserToGroup": AdminAddUserToGroup(named, s.memberships),
        "AdminRemoveUserFromGroup": AdminRemoveUserFromGroup(named, s.memberships),
        "AdminListGroupsForUser": AdminListGroupsForUser(named, s.memberships),
        "ListUsersInGroup": ListUsersInGroup(s.pools, s.users, s.memberships),
        "ListUsers": ListUsers(s.pools, s.users),
    }
