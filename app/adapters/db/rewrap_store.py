"""Customers' keys that are wrapped under a data key that is not the active one any more."""

from sqlalchemy import bindparam, func, select, update

from app.adapters.crypto.cipher import CannotOpen, Cipher
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Statement
from app.adapters.db.tables import customer_keys
from app.adapters.db.types import Bytes
from app.services.ports import StorageUnavailable

PAGE = 500

_key = customer_keys.c
_stale = _key.data_key_id != bindparam("active")
_COUNT = Statement(select(func.count()).select_from(customer_keys).where(_stale))
_PAGE = Statement(
    select(_key.customer_id, _key.wrapped, _key.data_key_id)
    .where(_stale, _key.customer_id > bindparam("after"))
    .order_by(_key.customer_id)
    .limit(PAGE)
)
# Not exact: a key that was destroyed since it was read stays destroyed.
_REWRAP = Command(
    Statement(
        update(customer_keys)
        .where(_key.customer_id == bindparam("customer"), _key.wrapped == bindparam("before", type_=Bytes))
        .values(wrapped=bindparam("after", type_=Bytes), data_key_id=bindparam("active"))
    )
)


class SqlRewrapStore:
    """Implements the port `RewrapStore`."""

    __slots__ = ("_cipher", "_session")

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def count(self) -> int:
        """How many customers' keys are not wrapped under the active data key."""
        ((count,),) = await self._session.fetch(_COUNT, {"active": self._cipher.active_id})
        return int(count)

    async def rewrap(self, after: str) -> tuple[int, str]:
        """The next of them in the order of their customers' IDs, to be under it with the commit: how many,
        and the last one's customer. Raises `StorageUnavailable` where one cannot be opened."""
        active = self._cipher.active_id
        rows = await self._session.fetch(_PAGE, {"active": active, "after": after})
        try:
            changed = [
                {
                    "customer": customer_id,
                    "before": wrapped,
                    "after": self._cipher.seal(
                        self._cipher.open(wrapped, under, customer_id.encode()), customer_id.encode()
                    ),
                    "active": active,
                }
                for customer_id, wrapped, under in rows
            ]
        except CannotOpen as error:
            raise StorageUnavailable(f"a customer's key cannot be read: {error}") from None
        self._session.write(_REWRAP, changed)
        return len(rows), rows[-1][0] if rows else after
