"""The tables of consents. What a column means that its name does not say stands in docs/storage.md."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from app.adapters.db.metadata import metadata
from app.adapters.db.types import Bytes, Identifier, Instant, Words

consents = Table(
    "consents",
    metadata,
    # Append-only. `customer_id` is the ID under which it was given: it goes where that ID goes.
    Column("consent_id", Identifier, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.customer_id"), nullable=False),
    Column("stance", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("domains", Words, nullable=False),
    Column("purposes", Words, nullable=False),
    Column("partners", Words, nullable=False),
    Column("kinds", Words, nullable=False),
    Column("sensitive", Words, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("actor", Text),
    Column("copied_from", Identifier),
    # The proof, under the customer's key.
    Column("sealed", Bytes, nullable=False),
    Column("data_key_id", Text, nullable=False),
    Index(None, "customer_id", "consent_id"),
)

consent_withdrawals = Table(
    "consent_withdrawals",
    metadata,
    # Append-only, one for a consent.
    Column("consent_id", Identifier, ForeignKey("consents.consent_id"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("actor", Text),
    Column("sealed", Bytes),
    Column("data_key_id", Text),
)
