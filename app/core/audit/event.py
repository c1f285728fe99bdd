"""One line of the access log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What was decided or done."""

    MATCH = "match"
    REGISTER = "register"
    ACCESS = "access"
    TOKEN = "token"  # noqa: S105 - a kind of event
    TOKEN_EXCHANGE = "token_exchange"  # noqa: S105
    REVOCATION = "revocation"
    AUTHENTICATION = "authentication"
    RECORDS_REQUEST = "records_request"
    RECORDS_RESULT = "records_result"
    CUSTOMER_READ = "customer_read"
    CLIENT = "client"
    AUDIT_READ = "audit_read"
    EXPORT = "export"
    MERGE = "merge"
    SPLIT = "split"
    WITHDRAWAL = "withdrawal"
    REVIEW = "review"
    CONSENT = "consent"
    CHANGES_READ = "changes_read"
    INDEX_CHECK = "index_check"
    KEY_ROTATION = "key_rotation"
    QUALITY_READ = "quality_read"
    IMPORT = "import"
    RATE_LIMIT = "rate_limit"
    ACCOUNT = "account"
    CONSOLE_SIGN_IN = "console_sign_in"
    CONSOLE_SIGN_OUT = "console_sign_out"
    DISCLOSURE = "disclosure"
    LOG_CHECK = "log_check"
    ALERT = "alert"
    ERASURE = "erasure"
    REPORT = "report"
    RETENTION = "retention"
    POLICY = "policy"
    EMERGENCY_REVIEW = "emergency_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did what, to whom, why, and how it ended. Holds no identity element in clear.

    `event_id` (a UUIDv7) and `at` are taken within a moment of each other: a search by time relies on it.
    `outcome` is the kind's own word: match/review/no_match, permit/deny, issued, created/linked/review, ok …
    `client_id` is the client the request was made for; `actor` who spoke for it (RFC 8693 `act`), else None.
    `elements_digest` is a keyed digest (hex) of the elements asked for. `source` is the network address.
    `token_id` is the `jti` of a token this event issued, used or ended. `count` > 1 folds repeats of one
    unauthenticated failure, or of one refusal to ask more, within a minute.
    `detail` holds further facts, none of them personal. `statement` is what somebody wrote to explain
    themselves (the reason of an emergency): the store encrypts it.
    """

    event_id: UUID
    at: datetime
    kind: Kind
    outcome: str
    client_id: str | None = None
    actor: str | None = None
    customer_id: str | None = None
    domains: tuple[str, ...] = ()
    purpose: str | None = None
    reasons: tuple[str, ...] = ()
    grade: str | None = None
    elements_digest: str | None = None
    token_id: str | None = None
    match_id: str | None = None
    source: str | None = None
    request_id: str | None = None
    trace_id: str | None = None
    model: str | None = None
    policy: str | None = None
    count: int = 1
    detail: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    statement: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to list; None is "any"; `since` inclusive, `until` exclusive.

    `domain` and `reason` are one of the event's, in full.
    """

    customer_id: str | None = None
    client_id: str | None = None
    kind: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    purpose: str | None = None
    domain: str | None = None
    reason: str | None = None
