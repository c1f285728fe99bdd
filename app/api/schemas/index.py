"""Source records, customers and cross-references on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.elements import ElementsIn, ElementsOut


class Attributes(BaseModel):
    """What else a source system knows."""

    model_config = ConfigDict(extra="forbid")

    deceased: Annotated[bool | None, Field(strict=True)] = None


class RegisterIn(ElementsIn):
    """A source system's record of one person."""

    attributes: Attributes = Attributes()


class RegisterOut(BaseModel):
    """Where the record belongs: linked to a known customer, a new one, or a new one with an open review."""

    customer_id: str
    outcome: Literal["linked", "created", "review"]


class CrossReferenceOut(BaseModel):
    """(source system, local ID) → master customer ID."""

    source_system: str
    local_id: str
    customer_id: str


class CustomerOut(BaseModel):
    """The golden record and the cross-references that the client may see."""

    customer_id: str
    elements: ElementsOut
    deceased: bool
    cross_references: list[CrossReferenceOut]
