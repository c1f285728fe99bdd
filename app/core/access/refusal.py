"""Errors of the OAuth endpoints, in the words of RFC 6749 section 5.2, RFC 8707 and RFC 6750."""

from enum import StrEnum


class OAuthError(StrEnum):
    """The `error` of a refused OAuth request."""

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    INVALID_SCOPE = "invalid_scope"
    INVALID_TARGET = "invalid_target"
    INSUFFICIENT_SCOPE = "insufficient_scope"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"


class OAuthRefusal(Exception):  # noqa: N818 - the answer, not an accident
    """A refused OAuth request. `description` is fit for the caller and never repeats what was sent."""

    def __init__(self, error: OAuthError, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
