"""The keys of customers: what is personal is sealed under the key of whom it is about.

A customer's key is 256 random bits, stored wrapped under the installation's data key. Once the row is
destroyed, whatever was sealed under the key is noise, wherever a copy of it lies.
"""

import os
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, select

from app.adapters.crypto.cipher import Box, Cipher
from app.adapters.crypto.keys import KEY_BYTES
from app.adapters.db.id_lists import among_texts
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Statement, insert_into
from app.adapters.db.tables import customer_keys, customers

_ADD = insert_into(customer_keys)
_DESTROY = Command(
    Statement(delete(customer_keys).where(customer_keys.c.customer_id == bindparam("customer_id")))
)
_GET = Statement(
    **{
        on: select(customer_keys).where(c)
        for on, c in among_texts(customer_keys.c.customer_id, "asked").items()
    }
)
_ERASED = Statement(
    **{
        on: select(customers.c.customer_id).where(condition, customers.c.erased_at.is_not(None))
        for on, condition in among_texts(customers.c.customer_id, "asked").items()
    }
)


class CustomerKeys:
    """The keys that one unit of work has met. They are remembered for no longer than that: a key that was
    destroyed opens nothing for anybody from the next unit on."""

    __slots__ = ("_boxes", "_cipher", "_erased", "_session")

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher
        self._boxes: dict[str, Box] = {}
        self._erased: set[str] = set()

    def make(self, customer_ids: Iterable[str]) -> None:
        """Keys for customers who have none. `commit` raises `Conflict` where somebody else has made one."""
        made = {customer_id: os.urandom(KEY_BYTES) for customer_id in customer_ids}
        self._boxes |= {customer_id: Box(customer_id, key) for customer_id, key in made.items()}
        self._session.write(
            _ADD,
            [
                {
                    "customer_id": customer_id,
                    "wrapped": self._cipher.seal(key, customer_id.encode()),
                    "data_key_id": self._cipher.active_id,
                }
                for customer_id, key in made.items()
            ],
        )

    def learn(self, customer_id: str, wrapped: bytes | None, wrapped_under: str | None) -> None:
        """A key as a query has read it; None where it has found none. Raises `CannotOpen`."""
        if wrapped is None or wrapped_under is None or customer_id in self._boxes:
            return
        key = self._cipher.open(wrapped, wrapped_under, customer_id.encode())
        self._boxes[customer_id] = Box(customer_id, key)

    async def fetch(self, customer_ids: Iterable[str]) -> None:
        """Reads the keys of these customers, as far as there are any and they are not known here."""
        asked = self._unknown(customer_ids)
        for row in await self._session.fetch(_GET, {"asked": asked}) if asked else ():
            self.learn(*row)
        if without := self._unknown(asked):
            rows = await self._session.fetch(_ERASED, {"asked": without})
            self._erased |= {customer_id for (customer_id,) in rows}

    def _unknown(self, customer_ids: Iterable[str]) -> list[str]:
        return [c for c in dict.fromkeys(customer_ids) if c not in self._boxes and c not in self._erased]

    async def ready(self, customer_ids: Iterable[str]) -> None:
        """Makes sure that `seal` can seal for these customers.

        Who is older than these keys gets one now. What is still written of somebody who was erased is
        written for nobody: its key is never stored.
        """
        asked = list(dict.fromkeys(customer_ids))
        await self.fetch(asked)
        without = [c for c in asked if c not in self._boxes]
        self._boxes |= {c: Box(c, os.urandom(KEY_BYTES)) for c in without if c in self._erased}
        self.make(c for c in without if c not in self._erased)

    def seal(self, content: bytes, customer_id: str, belongs_to: bytes) -> bytes:
        """Encrypts under the customer's key, which must be `ready`; its ID is the customer's."""
        return self._boxes[customer_id].seal(content, belongs_to)

    def open(self, sealed: bytes, key_id: str, belongs_to: bytes) -> bytes:
        """What was sealed under a customer's key that was met before, or under the installation's, as older
        contents are. Raises `CannotOpen`."""
        box = self._boxes.get(key_id)
        return box.open(sealed, belongs_to) if box else self._cipher.open(sealed, key_id, belongs_to)

    def opens(self, key_id: str) -> bool:
        """Whether there is such a key. A customer's must have been asked for before."""
        return key_id in self._boxes or self._cipher.knows(key_id)

    def is_erased(self, key_id: str) -> bool:
        """Whether the key was destroyed with its customer. It must have been asked for before."""
        return key_id in self._erased

    def destroy(self, customer_ids: Sequence[str]) -> None:
        """Ends these keys with the unit's commit."""
        self._session.write(_DESTROY, [{"customer_id": customer_id} for customer_id in customer_ids])
