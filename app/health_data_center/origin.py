"""Where a request came from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Network address, and the X-Request-ID that the answer and all further requests carry."""

    address: str | None
    request_id: str
