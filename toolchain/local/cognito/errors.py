"""What Cognito refuses, each with the code that AWS has for it.

    CognitoError
    ├── AliasExistsError                 AliasExistsException
    ├── CodeMismatchError                CodeMismatchException
    ├── EnableSoftwareTokenMfaError      EnableSoftwareTokenMFAException
    ├── ExpiredCodeError                 ExpiredCodeException
    ├── InvalidLambdaResponseError       InvalidLambdaResponseException
    ├── InvalidParameterError            InvalidParameterException
    ├── InvalidPasswordError             InvalidPasswordException
    ├── LimitExceededError               LimitExceededException
    ├── NotAuthorizedError               NotAuthorizedException
    ├── NotSupportedLocallyError         NotSupportedLocally (ours: AWS can, this cannot)
    ├── PasswordResetRequiredError       PasswordResetRequiredException
    ├── RefreshTokenReuseError           RefreshTokenReuseException
    ├── ResourceNotFoundError            ResourceNotFoundException
    ├── SerializationError               SerializationException
    ├── SoftwareTokenMfaNotFoundError    SoftwareTokenMFANotFoundException
    ├── UnauthorizedError                UnauthorizedException
    ├── UnexpectedLambdaError            UnexpectedLambdaException
    ├── UnsupportedOperationError        UnsupportedOperationException
    ├── UnsupportedTokenTypeError        UnsupportedTokenTypeException
    ├── UnsupportedUserStateError        UnsupportedUserStateException
    ├── UserLambdaValidationError        UserLambdaValidationException
    ├── UserNotConfirmedError            UserNotConfirmedException
    ├── UserNotFoundError                UserNotFoundException
    └── UsernameExistsError              UsernameExistsException

All are answered with status 400.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
"""

from typing import ClassVar

from toolchain.errors import ToolchainError


class CognitoError(ToolchainError):
    """A request that is refused; the text is the message the client gets."""

    code: ClassVar[str]

    @property
    def message(self) -> str:
        return str(self)


class AliasExistsError(CognitoError):
    code = "AliasExistsException"


class CodeMismatchError(CognitoError):
    code = "CodeMismatchException"

    def __init__(self, message: str = "Invalid verification code provided, please try again.") -> None:
        super().__init__(message)


class EnableSoftwareTokenMfaError(CognitoError):
    code = "EnableSoftwareTokenMFAException"


class ExpiredCodeError(CognitoError):
    code = "ExpiredCodeException"

    def __init__(self, message: str = "Invalid code provided, please request a code again.") -> None:
        super().__init__(message)


class InvalidLambdaResponseError(CognitoError):
    code = "InvalidLambdaResponseException"


class InvalidParameterError(CognitoError):
    code = "InvalidParameterException"


class InvalidPasswordError(CognitoError):
    code = "InvalidPasswordException"


class LimitExceededError(CognitoError):
    code = "LimitExceededException"

    def __init__(self, message: str = "Attempt limit exceeded, please try after some time.") -> None:
        super().__init__(message)


class NotAuthorizedError(CognitoError):
    code = "NotAuthorizedException"

    def __init__(self, message: str = "Incorrect username or password.") -> None:
        super().__init__(message)


class NotSupportedLocallyError(CognitoError):
    """AWS has it, the local cloud does not; the text says what, and what to do instead."""

    code = "NotSupportedLocally"


class PasswordResetRequiredError(CognitoError):
    code = "PasswordResetRequiredException"

    def __init__(self, message: str = "Password reset required for the user") -> None:
        super().__init__(message)


class RefreshTokenReuseError(CognitoError):
    code = "RefreshTokenReuseException"


class ResourceNotFoundError(CognitoError):
    code = "ResourceNotFoundException"


class SerializationError(CognitoError):
    code = "SerializationException"


class SoftwareTokenMfaNotFoundError(CognitoError):
    code = "SoftwareTokenMFANotFoundException"


class UnauthorizedError(CognitoError):
    code = "UnauthorizedException"


class UnexpectedLambdaError(CognitoError):
    code = "UnexpectedLambdaException"


class UnsupportedOperationError(CognitoError):
    code = "UnsupportedOperationException"


class UnsupportedTokenTypeError(CognitoError):
    code = "UnsupportedTokenTypeException"


class UnsupportedUserStateError(CognitoError):
    code = "UnsupportedUserStateException"


class UserLambdaValidationError(CognitoError):
    code = "UserLambdaValidationException"


class UserNotConfirmedError(CognitoError):
    code = "UserNotConfirmedException"

    def __init__(self, message: str = "User is not confirmed.") -> None:
        super().__init__(message)


class UserNotFoundError(CognitoError):
    code = "UserNotFoundException"

    def __init__(self, message: str = "User does not exist.") -> None:
        super().__init__(message)


class UsernameExistsError(CognitoError):
    code = "UsernameExistsException"

    def __init__(self, message: str = "User already exists") -> None:
        super().__init__(message)
