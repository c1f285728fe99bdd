"""Queries and commands of the master customer index, each in one round trip."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    Integer,
    Select,
    Text,
    bindparam,
    delete,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.adapters.db.id_lists import among_records
from app.adapters.db.statement import Command, Statement, insert_into, unnested
from app.adapters.db.tables import (
    blocking_keys,
    customer_keys,
    customers,
    source_record_versions,
    source_records,
)
from app.adapters.db.types import Identifier, Instant, Json

PAGE = 1000
"""How many cross-references are read at a time."""

_record = source_records.alias("record")
_hit = source_records.alias("hit")
_version = source_record_versions.alias("version")
_COLUMNS = (
    _record.c.record_id,
    _record.c.source_system,
    _record.c.local_id,
    _record.c.customer_id,
    _record.c.sealed,
    _record.c.data_key_id,
    _record.c.deceased,
    _record.c.version,
    _record.c.updated_at,
    _record.c.key_hashes,
    _record.c.home_id,
    customer_keys.c.wrapped,
    customer_keys.c.data_key_id.label("wrapped_under"),
)
_VERSION_COLUMNS = (
    _version.c.record_id,
    _version.c.source_system,
    _version.c.local_id,
    _version.c.sealed,
    _version.c.data_key_id,
    _version.c.deceased,
    _version.c.version,
    _version.c.updated_at,
    customer_keys.c.wrapped,
    customer_keys.c.data_key_id.label("wrapped_under"),
)
_under = customer_keys.c.customer_id
# Whose key a content is sealed under stands beside it; what is older than these keys finds none.
_RECORDS = _record.outerjoin(customer_keys, _under == _record.c.data_key_id)
_VERSIONS = _version.outerjoin(customer_keys, _under == _version.c.data_key_id)


def _find_on_postgresql() -> Select[Any]:
    """For each asked key the first records of its bucket, then their customers, then all records of those."""
    asked = unnested("asked", {"keys": BigInteger()})
    bucket = (
        select(blocking_keys.c.record_id)
        .where(blocking_keys.c.key == asked.c.given_keys)
        .order_by(blocking_keys.c.record_id)
        .limit(bindparam("bucket", type_=Integer))
        .lateral("bucket")
    )
    hits = asked.join(bucket, true()).join(_hit, _hit.c.record_id == bucket.c.record_id)
    return _records_of_customers_in(hits)


def _find_on_sqlite() -> Select[Any]:
    """The same without LATERAL: a bucket ends at its record number `bucket` along the primary key."""
    asked = _each("keys", "asked")
    last = (
        select(blocking_keys.c.record_id)
        .where(blocking_keys.c.key == asked.c.value)
        .order_by(blocking_keys.c.record_id)
        .limit(1)
        .offset(bindparam("bucket", type_=Integer) - 1)
        .scalar_subquery()
    )
    member = blocking_keys.alias("member")
    beyond_all: ColumnElement[Any] = literal_column(f"x'{'ff' * 16}'")
    within = (member.c.key == asked.c.value) & (member.c.record_id <= func.coalesce(last, beyond_all))
    hits = asked.join(member, within).join(_hit, _hit.c.record_id == member.c.record_id)
    return _records_of_customers_in(hits)


def _records_of_customers_in(hits: Any) -> Select[Any]:
    found = select(_hit.c.customer_id).select_from(hits).distinct().subquery("found")
    records = found.join(_record, _record.c.customer_id == found.c.customer_id)
    return _with_keys(records)


def _with_keys(records: Any) -> Select[Any]:
    return select(*_COLUMNS).select_from(records.outerjoin(customer_keys, _under == _record.c.data_key_id))


def _records_on_postgresql() -> Select[Any]:
    asked = unnested("asked", {"systems": Text(), "locals": Text()})
    same = (_record.c.source_system == asked.c.given_systems) & (_record.c.local_id == asked.c.given_locals)
    return _with_keys(asked.join(_record, same))


def _records_on_sqlite() -> Select[Any]:
    """A row value IN a list: a join makes SQLite scan a source system for each asked pair."""
    asked = _each("systems", "asked")
    position = literal("$[") + asked.c.key.cast(Text) + literal("]")
    pairs = select(asked.c.value, func.json_extract(bindparam("locals", type_=Json), position))
    return _records().where(tuple_(_record.c.source_system, _record.c.local_id).in_(pairs))


def _records() -> Select[Any]:
    return select(*_COLUMNS).select_from(_RECORDS)


def _each(parameter: str, name: str) -> Any:
    """SQLite's form of an array parameter: a JSON array, as a table of position and value."""
    each = func.json_each(bindparam(parameter, type_=Json))
    return each.table_valued("key", "value", name=name)


def _replace(statement: Any) -> Any:
    """New content of a known record, unless somebody else has replaced it since it was read."""
    new = statement.excluded
    changing = [c.name for c in source_records.columns if c.name not in {"record_id"}]
    return statement.on_conflict_do_update(
        index_elements=["record_id"],
        set_={name: new[name] for name in changing},
        where=source_records.c.version < new.version,
    )


def _delete_keys_on_postgresql() -> Delete:
    gone = unnested("gone", {"key": BigInteger(), "record_id": Identifier()})
    same = (blocking_keys.c.key == gone.c.given_key) & (blocking_keys.c.record_id == gone.c.given_record_id)
    return delete(blocking_keys).where(same)


def _delete_key() -> Delete:
    return delete(blocking_keys).where(
        blocking_keys.c.key == bindparam("key"), blocking_keys.c.record_id == bindparam("record_id")
    )


def _cross_references(*conditions: ColumnElement[bool]) -> Statement:
    """A page in the order of the unique key, after the pair that the last page ended with."""
    key = (source_records.c.source_system, source_records.c.local_id)
    after = tuple_(bindparam("after_system", type_=Text), bindparam("after_local", type_=Text))
    query = select(*key, source_records.c.customer_id).where(tuple_(*key) > after, *conditions)
    return Statement(query.order_by(*key).limit(PAGE))


def _versions(which: ColumnElement[bool]) -> Select[Any]:
    """The contents of records at a time that are not theirs any more."""
    at = bindparam("at", type_=Instant)
    return _versions_of(which).where(_version.c.updated_at <= at, _version.c.until > at)


def _versions_of(which: ColumnElement[bool]) -> Select[Any]:
    return select(*_VERSION_COLUMNS).select_from(_VERSIONS).where(which)


FIND = Statement(postgresql=_find_on_postgresql(), sqlite=_find_on_sqlite())
RECORDS = Statement(postgresql=_records_on_postgresql(), sqlite=_records_on_sqlite())
RECORDS_OF = Statement(
    postgresql=_records().where(
        _record.c.customer_id == func.any(bindparam("customer_ids", type_=ARRAY(Text())))
    ),
    sqlite=_records().where(
        _record.c.customer_id.in_(select(_each("customer_ids", "asked").c.value)),
    ),
)
RECORDS_BY_ID = Statement(
    **{on: _records().where(which) for on, which in among_records(_record.c.record_id).items()}
)
EXISTS = Statement(select(customers.c.customer_id).where(customers.c.customer_id == bindparam("customer_id")))
CROSS_REFERENCES = _cross_references()
CROSS_REFERENCES_OF = _cross_references(source_records.c.source_system == bindparam("source_system"))

ADD_CUSTOMERS = insert_into(
    customers, without={"merged_into", "merge_id", "survivor_id", "tokens_not_before", "erased_at"}
)
PUT_RECORDS = insert_into(source_records, _replace, exact=True)
ADD_RECORDS = insert_into(source_records)
ADD_KEYS_OF_NEW = insert_into(blocking_keys)
ADD_KEYS = insert_into(blocking_keys, lambda statement: statement.on_conflict_do_nothing())
DELETE_KEYS = Command(Statement(_delete_key()), Statement(postgresql=_delete_keys_on_postgresql()))
DELETE_RECORDS = Command(
    Statement(
        delete(source_records).where(
            source_records.c.record_id == bindparam("record_id"),
            source_records.c.version == bindparam("version"),
        )
    ),
    exact=True,
)
ADD_VERSIONS = insert_into(source_record_versions)
VERSIONS = Statement(**{on: _versions(which) for on, which in among_records(_version.c.record_id).items()})
VERSIONS_OF = Statement(
    **{on: _versions_of(which) for on, which in among_records(_version.c.record_id).items()}
)
REHOME = Command(
    Statement(
        update(source_records)
        .where(source_records.c.record_id == bindparam("the_record"))
        .values(
            {
                name: bindparam(name, type_=source_records.c[name].type)
                for name in ("customer_id", "home_id", "sealed", "data_key_id")
            }
        )
    ),
    exact=True,
)
RESEAL_VERSION = Command(
    Statement(
        update(source_record_versions)
        .where(
            source_record_versions.c.record_id == bindparam("the_record"),
            source_record_versions.c.version == bindparam("the_version"),
        )
        .values({name: bindparam(name, type_=_version.c[name].type) for name in ("sealed", "data_key_id")})
    ),
    exact=True,
)
