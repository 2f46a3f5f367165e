"""The occasions on which a user pool sends a message: the last part of a `triggerSource`.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
"""

from typing import Literal, get_args

type Occasion = Literal[
    "SignUp",
    "AdminCreateUser",
    "ResendCode",
    "ForgotPassword",
    "UpdateUserAttribute",
    "VerifyUserAttribute",
    "Authentication",
]
OCCASIONS: tuple[str, ...] = get_args(Occasion.__value__)
