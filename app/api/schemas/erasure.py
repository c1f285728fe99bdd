"""Erasures on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.index.erasure import LONGEST_REFERENCE, REFERENCE, Basis, Erasure, Stock

Reference = Annotated[
    str,
    Field(
        max_length=LONGEST_REFERENCE,
        pattern=f"^{REFERENCE.pattern}$",
        description="The number of the case that it belongs to. Kept for ever: nothing personal.",
        examples=["DSR-2026-0117"],
    ),
]


class ErasureIn(BaseModel):
    """Why a customer is to be erased."""

    model_config = ConfigDict(extra="forbid")

    basis: Annotated[
        Basis, Field(description="The case of article 47 of the Personal Information Protection Law.")
    ]
    reference: Reference | None = None


class ErasureOut(BaseModel):
    """A request. `customer_ids`: the customer with everybody merged into them; all of them are erased.
    `counts`: what there is of them, by table; empty once it is done."""

    erasure_id: UUID
    customer_id: str
    customer_ids: list[str]
    basis: Basis
    reference: str | None
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    counts: dict[str, int]

    @classmethod
    def of(cls, erasure: Erasure, stock: Stock | None = None) -> "ErasureOut":
        """From the service's shape."""
        return cls(
            erasure_id=erasure.erasure_id,
            customer_id=erasure.customer_id,
            customer_ids=list(erasure.homes),
            basis=erasure.basis,
            reference=erasure.reference,
            requested_by=erasure.requested_by,
            requested_at=erasure.requested_at,
            expires_at=erasure.expires_at,
            confirmed_by=erasure.confirmed_by,
            confirmed_at=erasure.confirmed_at,
            counts=dict(stock.counts) if stock else {},
        )
