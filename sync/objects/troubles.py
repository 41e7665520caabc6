"""What a storage service answers, as one of a few troubles that a person understands."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from app.core.errors import Unreachable
from app.storage.vocabulary import TROUBLE_LABELS, Trouble

_BY_CODE: Final = {
    "RequestTimeTooSkewed": Trouble.CLOCK,
    "ExpiredToken": Trouble.EXPIRED,
    "ExpiredTokenException": Trouble.EXPIRED,
    "TokenRefreshRequired": Trouble.EXPIRED,
    "InvalidToken": Trouble.EXPIRED,
    "InvalidAccessKeyId": Trouble.CREDENTIALS,
    "SignatureDoesNotMatch": Trouble.CREDENTIALS,
    "AuthorizationHeaderMalformed": Trouble.CREDENTIALS,
    "AuthenticationFailed": Trouble.CREDENTIALS,
    "InvalidAuthenticationInfo": Trouble.CREDENTIALS,
    "AccessDenied": Trouble.DENIED,
    "AuthorizationFailure": Trouble.DENIED,
    "AuthorizationPermissionMismatch": Trouble.DENIED,
    "NoSuchBucket": Trouble.NO_BUCKET,
    "ContainerNotFound": Trouble.NO_BUCKET,
    "ContainerBeingDeleted": Trouble.NO_BUCKET,
    "PermanentRedirect": Trouble.NO_BUCKET,
    "SlowDown": Trouble.BUSY,
    "ServerBusy": Trouble.BUSY,
    "ServiceUnavailable": Trouble.BUSY,
    "InternalError": Trouble.BUSY,
    "RequestTimeout": Trouble.BUSY,
    "OperationTimedOut": Trouble.BUSY,
    "NotImplemented": Trouble.OTHER,
    "BadDigest": Trouble.DAMAGED,
    "Md5Mismatch": Trouble.DAMAGED,
    "XAmzContentSHA256Mismatch": Trouble.DAMAGED,
}
_BY_STATUS: Final = {401: Trouble.CREDENTIALS, 403: Trouble.DENIED, 404: Trouble.NO_BUCKET, 429: Trouble.BUSY}


class StorageTrouble(Unreachable):
    """A request to the storage service failed; `trouble` says how. The sentence is that of the trouble."""

    def __init__(self, trouble: Trouble, code: str = "") -> None:
        super().__init__(TROUBLE_LABELS[trouble], code=code)
        self.trouble = trouble
        self.code = code


def trouble_of(code: str, status: int, message: str = "") -> Trouble:
    """Which trouble an error code, an HTTP status and what was said amount to."""
    if (
        code in {"AuthenticationFailed", "AccessDenied"}
        and "date" in message.casefold()
        and "skew" in message.casefold()
    ):
        return Trouble.CLOCK
    if code == "AuthenticationFailed" and "expir" in message.casefold():
        return Trouble.EXPIRED
    if code in _BY_CODE:
        return _BY_CODE[code]
    return Trouble.BUSY if status >= 500 else _BY_STATUS.get(status, Trouble.OTHER)


@contextlib.contextmanager
def s3_troubles() -> Iterator[None]:
    """Say botocore's errors as `StorageTrouble`; nothing of the request goes into the sentence."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

    try:
        yield
    except ClientError as error:
        raise StorageTrouble(*s3_trouble(error)) from None
    except (ConnectionError, HTTPClientError):
        raise StorageTrouble(Trouble.UNREACHABLE) from None
    except (BotoCoreError, Boto3Error):
        raise StorageTrouble(Trouble.OTHER) from None


def s3_trouble(error: Any) -> tuple[Trouble, str]:
    """The trouble of a `ClientError`, and its code."""
    said = error.response.get("Error", {})
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = str(said.get("Code", ""))
    return trouble_of(code, status, str(said.get("Message", ""))), code


@contextlib.contextmanager
def azure_troubles() -> Iterator[None]:
    """Say Azure's errors as `StorageTrouble`."""
    from azure.core.exceptions import AzureError, HttpResponseError, ServiceRequestError, ServiceResponseError

    try:
        yield
    except (ServiceRequestError, ServiceResponseError):
        raise StorageTrouble(Trouble.UNREACHABLE) from None
    except HttpResponseError as error:
        raise StorageTrouble(*azure_trouble(error)) from None
    except AzureError:
        raise StorageTrouble(Trouble.OTHER) from None


def azure_trouble(error: Any) -> tuple[Trouble, str]:
    """The trouble of an `HttpResponseError`, and its code."""
    code = str(getattr(error, "error_code", "") or "").rpartition(".")[2]
    names = {"AUTHENTICATION_FAILED": "AuthenticationFailed", "CONTAINER_NOT_FOUND": "ContainerNotFound"}
    code = names.get(code, code)
    return trouble_of(code, error.status_code or 0, str(error.message or "")), code
