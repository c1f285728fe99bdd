"""Rows, and what was prepared of them, as plain values that one process hands to another."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from app.core.identity.elements import GivenElements
from app.core.identity.failure import InvalidElement
from app.core.index.attributes import Attribute, Verification
from app.core.index.customer import LocalId
from app.core.matching.blocking_key import BlindKey
from app.services.placing import Prepared, Registration
from app.services.prepare import Reject, Sifted
from app.services.source_rows import Row

Plain = Any
"""Texts, numbers, booleans, None, and tuples, lists and mappings of them."""

# Two dozen a row: half of what `BlindKey._make` takes.
_blind_key: Callable[[Plain], BlindKey] = partial(tuple.__new__, BlindKey)


def plain_rows(rows: Sequence[Row]) -> Plain:
    """Rows of a file."""
    return [
        (line, (row.field, row.code, row.expected) if isinstance(row, InvalidElement) else row)
        for line, row in rows
    ]


def read_plain_rows(plain: Plain) -> list[Row]:
    """What `plain_rows` was given."""
    return [(line, InvalidElement(*row) if isinstance(row, tuple) else row) for line, row in plain]


def plain_sifted(sifted: Sifted) -> Plain:
    """What can be registered and what cannot."""
    taken = [(line, _plain_prepared(prepared)) for line, prepared in sifted.taken]
    return taken, [(r.line, r.field, r.code, r.reason) for r in sifted.rejects]


def read_plain_sifted(plain: Plain) -> Sifted:
    """What `plain_sifted` was given."""
    taken, rejects = plain
    prepared = tuple([(line, _prepared(values)) for line, values in taken])
    return Sifted(prepared, tuple([Reject(*values) for values in rejects]))


def _plain_prepared(prepared: Prepared) -> Plain:
    """A row of a file asks for no version, so none is handed over."""
    row = prepared.row
    given, attributes = row.given, row.attributes
    return (
        (row.local.source_system, row.local.local_id),
        (given.name, given.gender, given.birth_date, given.id_type, given.id_number),
        row.deceased,
        row.verification and row.verification.value,
        attributes and [(a.field, a.value, a.kind, a.verification.value) for a in attributes],
        attributes is None,
        [tuple(key) for key in prepared.probes],
        [tuple(key) for key in prepared.keys],
        prepared.digest,
    )


def _prepared(values: Plain) -> Prepared:
    local, given, deceased, verification, attributes, silent, probes, keys, digest = values
    row = Registration(
        LocalId(*local),
        GivenElements(*given),
        deceased,
        Verification(verification) if verification else None,
        None if silent else tuple([Attribute(f, v, k, Verification(level)) for f, v, k, level in attributes]),
    )
    return Prepared(row, _keys(probes), _keys(keys), digest)


def _keys(plain: Plain) -> tuple[BlindKey, ...]:
    return tuple(map(_blind_key, plain))
