"""Source records as rows: content sealed under the key of the record's home."""

import struct
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.adapters.crypto.cipher import CannotOpen
from app.adapters.db.customer_keys import CustomerKeys
from app.adapters.db.statement import Row
from app.core.identity.elements import GivenElements
from app.core.index.attributes import Attribute, Verification
from app.core.index.customer import LocalId, SourceRecord
from app.services.ports import StorageUnavailable


class RecordCodec:
    """Seals and opens with the keys of one unit of work."""

    __slots__ = ("_keys",)

    def __init__(self, keys: CustomerKeys) -> None:
        self._keys = keys

    def records(self, rows: Sequence[Row]) -> list[SourceRecord]:
        """Stored records. Raises `StorageUnavailable` where one cannot be opened."""
        try:
            return [self._record(row) for row in rows]
        except CannotOpen as error:
            raise StorageUnavailable(f"a source record cannot be read: {error}") from None

    def old_contents(self, rows: Sequence[Row]) -> list[SourceRecord]:
        """Contents from the history, of no customer in particular; those whose key was destroyed are gone."""
        held = [row for row in rows if row[8] is not None or self._keys.opens(row[4])]
        return self.records([(*row[:3], "", *row[3:8], b"", None, *row[8:]) for row in held])

    def resealed(self, row: Row, home: str) -> dict[str, Any]:
        """An old content, a row of the history, as `home`'s. Raises `CannotOpen`."""
        record_id: UUID = row[0]
        self._keys.learn(row[4], *row[8:])
        content = self._keys.open(row[3], row[4], record_id.bytes)
        return {"sealed": self._keys.seal(content, home, record_id.bytes), "data_key_id": home}

    def row(self, record: SourceRecord, hashes: frozenset[int], index_key_id: str) -> dict[str, Any]:
        """What is stored. The key of the record's home must be ready."""
        return {
            "record_id": record.record_id,
            "source_system": record.local.source_system,
            "local_id": record.local.local_id,
            "customer_id": record.customer_id,
            **self.sealed(record),
            "deceased": record.deceased,
            "version": record.version,
            "updated_at": record.updated_at,
            "key_hashes": struct.pack(f">{len(hashes)}q", *sorted(hashes)),
            "index_key_id": index_key_id,
            "home_id": record.home_id,
        }

    def sealed(self, record: SourceRecord) -> dict[str, Any]:
        """The content under the key of the record's home, which must be ready."""
        home = record.home
        sealed = self._keys.seal(orjson.dumps(_content(record)), home, record.record_id.bytes)
        return {"sealed": sealed, "data_key_id": home}

    def _record(self, row: Row) -> SourceRecord:
        (
            record_id,
            system,
            local_id,
            customer_id,
            sealed,
            key_id,
            deceased,
            version,
            updated_at,
            _,
            home_id,
            wrapped,
            wrapped_under,
        ) = row
        self._keys.learn(key_id, wrapped, wrapped_under)
        content = orjson.loads(self._keys.open(sealed, key_id, record_id.bytes))
        return SourceRecord(
            record_id,
            LocalId(system, local_id),
            customer_id,
            _given(content),
            deceased,
            version,
            updated_at,
            *_basic_data(content),
            home_id,
        )


def unpack(hashes: bytes) -> tuple[int, ...]:
    """A record's blocking keys, as they are stored beside it."""
    return struct.unpack(f">{len(hashes) // 8}q", hashes)


def version_row(row: Row, until: datetime) -> dict[str, Any]:
    """A stored record's content as it goes into the history: sealed as it is."""
    record_id, system, local_id, _, sealed, key_id, deceased, version, updated_at, *_ = row
    return {
        "record_id": record_id,
        "version": version,
        "source_system": system,
        "local_id": local_id,
        "sealed": sealed,
        "data_key_id": key_id,
        "deceased": deceased,
        "updated_at": updated_at,
        "until": until,
    }


def _given(content: Mapping[str, Any]) -> GivenElements:
    return GivenElements(
        name=content["name"],
        gender=content["gender"],
        birth_date=content["birth_date"],
        id_type=content["id_type"],
        id_number=content["id_number"],
    )


def _content(record: SourceRecord) -> dict[str, Any]:
    """What is sealed: the five, and what is known beside them, where there is anything."""
    given = record.given
    content: dict[str, Any] = {
        "name": given.name,
        "gender": given.gender,
        "birth_date": given.birth_date,
        "id_type": given.id_type,
        "id_number": given.id_number,
    }
    if record.verification is not Verification.SELF_REPORTED:
        content["verification"] = record.verification
    if record.attributes:
        content["attributes"] = [[a.field, a.value, a.kind, a.verification] for a in record.attributes]
    return content


def _basic_data(content: Mapping[str, Any]) -> tuple[Verification, tuple[Attribute, ...]]:
    """Contents sealed before there was any have neither key."""
    verification = Verification(content.get("verification", Verification.SELF_REPORTED))
    attributes = content.get("attributes", ())
    return verification, tuple(Attribute(f, v, k, Verification(level)) for f, v, k, level in attributes)
