"""One password out of AWS Secrets Manager, in bounded time, or one line that says why not."""

import json
from typing import NoReturn

from django.db import OperationalError

# A visitor waits for it: two attempts take at most 15 seconds, half of Gunicorn's own time-out.
CONNECT_SECONDS = 2
READ_SECONDS = 5
ATTEMPTS = 2

ROLE = "The task role needs secretsmanager:GetSecretValue on it"
# Errors as Secrets Manager names them.
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors
HINTS = {
    "AccessDeniedException": f"{ROLE} (and kms:Decrypt, where its key is one of your own).",
    "DecryptionFailure": "The task role needs kms:Decrypt on the key that encrypts it.",
    "ResourceNotFoundException": "It is gone: if the database was replaced, run pulumi up, so that tasks learn the new ARN.",
    "InvalidRequestException": "It is being deleted, or has no value: look at it in the console of Secrets Manager.",
}
NO_CREDENTIALS = f"The container has no credentials of AWS. {ROLE}, and the task definition has to name that role."
NO_WAY = "Secrets Manager does not answer: tasks need a way to it (a route to the internet, or a VPC endpoint)."


class SecretUnreadable(OperationalError):
    """The database cannot be reached, for its password cannot be read. Names the secret, never holds a password."""


def read_password(arn: str) -> str:
    """The password in a secret of the form `{"username": …, "password": …}`, as RDS keeps it, in its current version."""
    text = _get_secret_value(arn)
    try:
        password = json.loads(text)["password"]
    except (ValueError, TypeError, KeyError):
        password = None
    if not isinstance(password, str) or not password:
        _refuse(arn, "no password", 'It has to be JSON with the key "password", as RDS writes it.')
    return password


def _get_secret_value(arn: str) -> str:
    # Here, not above: an image without a managed password has no botocore, and a process without a database no need of it.
    import botocore.exceptions as errors
    from botocore.config import Config
    from botocore.session import Session

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    try:
        # A client of its own each time: it is needed once a week, and holds some 10 MiB.
        client = Session().create_client("secretsmanager", region_name=arn.split(":")[3], config=config)
        return client.get_secret_value(SecretId=arn).get("SecretString", "")
    except errors.ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown error")
        _refuse(arn, code, HINTS.get(code, f"{ROLE}, and valid credentials."))
    except (errors.NoCredentialsError, errors.CredentialRetrievalError, errors.PartialCredentialsError) as error:
        _refuse(arn, type(error).__name__, NO_CREDENTIALS)
    except (errors.HTTPClientError, errors.ConnectionError) as error:
        _refuse(arn, type(error).__name__, NO_WAY)
    except errors.BotoCoreError as error:
        _refuse(arn, f"{type(error).__name__} ({error})", f"{ROLE}, and valid credentials.")


def _refuse(arn: str, what: str, remedy: str) -> NoReturn:
    # Without its cause: some two hundred lines of botocore's tracebacks say nothing more.
    raise SecretUnreadable(f"The database's password cannot be read from {arn}: {what}. {remedy}") from None
