"""What a bucket may be called and where it may be."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.storage.vocabulary import StorageProvider

LONGEST_DAYS: Final = 3650
_BUCKET: Final = {
    StorageProvider.S3: re.compile(r"[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9])){1,61}[a-z0-9]"),
    StorageProvider.COMPATIBLE: re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]"),
    StorageProvider.AZURE: re.compile(r"[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}"),
}
_ACCOUNT: Final = re.compile(r"[a-z0-9]{3,24}")
_REGION: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_PREFIX: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}/){0,3}")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def checked_bucket(provider: StorageProvider, bucket: str) -> str:
    """The name of a bucket or container by the rules of its service; `RuleViolation` beside `bucket`."""
    if not _BUCKET[provider].fullmatch(bucket):
        raise RuleViolation(N_("No bucket of this service can have this name."), field="bucket")
    return bucket


def checked_account(provider: StorageProvider, account: str) -> str:
    """Azure's account, empty elsewhere; `RuleViolation` beside `account`."""
    if provider is StorageProvider.AZURE and not _ACCOUNT.fullmatch(account):
        raise RuleViolation(N_("An Azure account has 3 to 24 small letters and digits."), field="account")
    return account if provider is StorageProvider.AZURE else ""


def checked_region(region: str) -> str:
    """A region's code; `RuleViolation` beside `region`."""
    if not _REGION.fullmatch(region):
        raise RuleViolation(N_("This is no code of a region, such as ca-central-1 or canadaeast."), field="region")
    return region


def checked_prefix(prefix: str) -> str:
    """What begins every key: at most three folders, with a slash at the end; `RuleViolation` beside `prefix`."""
    found = prefix and prefix.rstrip("/") + "/"
    if not _PREFIX.fullmatch(found):
        raise RuleViolation(N_("A folder in a bucket has letters, digits, “-”, “_” and “.” only."), field="prefix")
    return found


def checked_endpoint(provider: StorageProvider, endpoint: str) -> str:
    """Where a service answers that is not Amazon's or Azure's own. It must be https, but on this computer itself.

    `RuleViolation` beside `endpoint`.
    """
    if not endpoint:
        if provider is StorageProvider.COMPATIBLE:
            raise RuleViolation(N_("Enter the address at which this service answers."), field="endpoint")
        return ""
    parts = urlsplit(endpoint)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise RuleViolation(N_("The address begins with https:// and holds no name or password."), field="endpoint")
    return endpoint.rstrip("/")


def checked_days(days: int) -> int:
    """After how many days objects become cold, 0 for never; `RuleViolation` beside `cold_after_days`."""
    if not 0 <= days <= LONGEST_DAYS:
        raise RuleViolation(N_("Between 0 and {most} days."), field="cold_after_days", most=LONGEST_DAYS)
    return days
