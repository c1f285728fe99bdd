"""What a use case refuses, each with a stable code; the API has one table that turns them into answers.

No error carries a value that somebody gave: only names of fields and what would be right.
"""

from math import ceil


class Refusal(Exception):  # noqa: N818 - the services refuse; they do not fail
    """A request that is refused. `code` is stable; `detail` says what the caller should do."""

    code = "refused"
    detail = "The request was refused."

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or type(self).detail
        super().__init__(self.detail)


class NotAuthenticated(Refusal):
    """No token, or one that must not be taken (RFC 6750 `invalid_token`)."""

    code = "invalid_token"
    detail = "Send a valid access token as 'Authorization: Bearer …'; fetch one at the token endpoint."


class InsufficientScope(Refusal):
    """The token lacks a scope (RFC 6750 `insufficient_scope`)."""

    code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This call needs the scope {scope}.")
        self.scope = scope


class SourceSystemNotAllowed(Refusal):
    """The client is not bound to the source system."""

    code = "source_system_not_allowed"
    detail = "This client is not registered for that source system."


class CustomerNotGranted(Refusal):
    """The customer-bound token is for another customer or other domains."""

    code = "not_granted"
    detail = "The access token is not for this customer and domain; match again with the access you need."


class NotFound(Refusal):
    """There is no such thing, or it is not this client's to see."""

    code = "not_found"
    detail = "There is nothing under this address."


class AlreadyExists(Refusal):
    """The name is taken."""

    code = "already_exists"
    detail = "This name is taken already; choose another."


class CustomerMoved(Refusal):
    """The customer was merged, and is known as `survivor_id`."""

    code = "customer_moved"

    def __init__(self, survivor_id: str) -> None:
        super().__init__("This customer was merged into another.")
        self.survivor_id = survivor_id


class CustomerErased(Refusal):
    """Nothing but the ID is left of the customer."""

    code = "customer_erased"
    detail = "This customer was erased; the ID is not given to anybody else."


class ResultsGone(Refusal):
    """What an import's results said is kept no longer."""

    code = "results_gone"
    detail = "The results of this import are kept no longer; ask for the records one by one."


class TooManyImports(Refusal):
    """The client has as many imports under way as it may."""

    code = "too_many_imports"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} imports of this client are under way; wait until one ends, or cancel one.")


class SecondClientNeeded(Refusal):
    """Who asked for an erasure may not confirm it."""

    code = "second_client_needed"
    detail = "An erasure is confirmed by another client than the one that asked for it."


class OwnAccess(Refusal):
    """Nobody judges an access of their own."""

    code = "own_access"
    detail = "An access in an emergency is judged by somebody else than who had it."


class OperatorOnly(Refusal):
    """Scopes of looking after the center itself are granted, and renewed, at the operator's terminal."""

    code = "operator_only"
    detail = (
        "Clients with client:admin, audit:read, policy:admin or data:erase are made, and get new secrets "
        "and keys, by the operator's 'cdc client' alone."
    )


class VersionMismatch(Refusal):
    """The record is not (any more) the version that was to be replaced (RFC 9110 section 13.1.1)."""

    code = "version_mismatch"
    detail = "The record has another version than If-Match says; read it again, then decide."


class NotPossible(Refusal):
    """What is asked does not go with the state of things; `detail` says why."""

    code = "not_possible"
    detail = "This cannot be done as things stand."


class TooManyRequests(Refusal):
    """More than the client, or an address that fails, may ask. `retry_after` and `window` in seconds: `limit`
    requests fit in one window."""

    code = "too_many_requests"
    detail = "Too many requests; go on after Retry-After, and more slowly."

    def __init__(self, retry_after: float, limit: int, window: int) -> None:
        super().__init__()
        self.retry_after = max(1, ceil(retry_after))
        self.limit = limit
        self.window = window


class InvalidRequest(Refusal):
    """A field (not one of the five elements) that cannot be used."""

    code = "invalid_input"

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: {expected}")
        self.field = field
        self.expected = expected


class SignInRefused(Refusal):
    """Who they are was not proved. Why not is in the log alone: it could tell which names there are."""

    code = "sign_in_refused"
    detail = "The name or the password is wrong, or too many attempts were made."


class PasswordRefused(Refusal):
    """A new password that must not be used; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__("Choose another password.")
        self.code = code
