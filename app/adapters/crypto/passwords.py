"""Passwords of people at rest: Argon2id (RFC 9106), since people choose what can be guessed."""

import asyncio
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

AT_ONCE = 2
"""How many hashes are computed side by side: each takes 64 MiB, and nobody may use a server's memory up."""


class Argon2Passwords:
    """Implements the port `PasswordHasher`, in threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """The encoded hash, salt and parameters included."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether this is the password. Without a hash it is not, after the same work."""
        async with self._turns:
            return await asyncio.to_thread(self._verify, _bytes(password), password_hash)

    def outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    @cached_property
    def _nobody(self) -> str:
        """Something to work on where there is no account, so that the time of an answer tells nothing."""
        return self._hasher.hash(b"nobody's")

    def _verify(self, password: bytes, password_hash: str | None) -> bool:
        nobody = self._nobody
        try:
            verified = self._hasher.verify(password_hash or nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return verified and password_hash is not None


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
