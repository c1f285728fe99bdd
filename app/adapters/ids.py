"""New identifiers, from the operating system's cryptographic source."""

import os
import secrets
import time
from uuid import UUID

from app.core.index import customer_id

_SECRET_BYTES = 32
_ONE_TIME_GROUPS = 4
_ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody reads for one another."""
_VERSION = 7 << 76
_VARIANT = 2 << 62


class RandomIds:
    """Implements the port `Ids`."""

    def __init__(self) -> None:
        self._last = 0

    def uuid(self) -> UUID:
        """A UUIDv7 (RFC 9562, 5.7) greater than each one before it in this process: 48 bits of milliseconds,
        12 bits of their fraction (6.2, method 3), 62 random bits."""
        nanoseconds = time.time_ns()
        milliseconds, rest = divmod(nanoseconds, 1_000_000)
        ticks = milliseconds << 12 | rest * 4096 // 1_000_000
        self._last = ticks = max(ticks, self._last + 1)
        high = (ticks >> 12) << 80 | _VERSION | (ticks & 0xFFF) << 64
        return UUID(int=high | _VARIANT | int.from_bytes(os.urandom(8)) >> 2)

    def customer_id(self) -> str:
        """A new master customer ID."""
        return customer_id.make(secrets.token_bytes(customer_id.RANDOM_BYTES))

    def secret(self) -> str:
        """256 random bits, base64url."""
        return secrets.token_urlsafe(_SECRET_BYTES)

    def one_time_password(self) -> str:
        """79 random bits as four groups of four characters, to be typed once."""
        letters = [secrets.choice(_ONE_TIME_LETTERS) for _ in range(_ONE_TIME_GROUPS * 4)]
        return "-".join("".join(letters[i : i + 4]) for i in range(0, len(letters), 4))
