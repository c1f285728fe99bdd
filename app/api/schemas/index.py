"""Source records, customers and cross-references on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.elements import ElementsIn, ElementsOut
from app.core.index.attributes import MOST_VALUES, Verification

Level = Annotated[Verification, Field(description="How the value was verified.")]


class AttributeIn(BaseModel):
    """A value with how it was verified; `kind` tells several of one field apart."""

    model_config = ConfigDict(extra="forbid")

    value: str | None
    kind: Annotated[str | None, Field(description="home, work, mobile …; of a document its ID type.")] = None
    verification: Verification | None = None


One = str | AttributeIn | None
Several = Annotated[list[str | AttributeIn], Field(max_length=MOST_VALUES)] | One


class AttributesIn(BaseModel):
    """What a source system knows beside the five. A bare text is a value that the person reported."""

    model_config = ConfigDict(extra="forbid")

    phones: Several = None
    addresses: Several = None
    emails: Several = None
    nationality: Annotated[One, Field(description="ISO 3166-1 (GB/T 2659.1): CN or CHN.")] = None
    ethnicity: Annotated[One, Field(description="GB/T 3304: 01 to 56, or the name.")] = None
    marital_status: Annotated[One, Field(description="GB/T 2261.2: 10, 20, 30, 40 …")] = None
    blood_type: Annotated[One, Field(description="A, B, O, AB, or a code of CV04.50.005.")] = None
    occupation: One = None
    education: Annotated[One, Field(description="GB/T 4658: 10, 20, 30 …, or the name.")] = None
    deceased: Annotated[bool | None, Field(strict=True)] = None
    deceased_date: Annotated[One, Field(description="YYYY-MM-DD.")] = None
    former_names: Several = None
    documents: Annotated[Several, Field(description="Further documents: kind is the ID type.")] = None

    def said(self) -> dict[str, Any]:
        """As the reader of basic data takes them: only what was given, nulls included."""
        return self.model_dump(exclude_unset=True)


class RegisterIn(ElementsIn):
    """A source system's record of one person. Without `attributes` those that were sent before stay."""

    verification: Annotated[
        Verification | None, Field(description="How the five elements were verified.")
    ] = None
    attributes: AttributesIn | None = None


class RegisterOut(BaseModel):
    """Where the record belongs: linked to a known customer, a new one, or a new one with an open review."""

    customer_id: str
    outcome: Literal["linked", "created", "review"]


class SourceMergeIn(BaseModel):
    """Which local ID of the same system stands for the person."""

    model_config = ConfigDict(extra="forbid")

    into: Annotated[str, Field(min_length=1, max_length=128)]


class CrossReferenceOut(BaseModel):
    """(source system, local ID) → master customer ID."""

    source_system: str
    local_id: str
    customer_id: str


class ProvenanceOut(BaseModel):
    """Where a surviving value came from, and which survivorship rule decided."""

    source_system: str
    local_id: str
    at: datetime
    verification: Level
    rule: Literal["only_value", "verification", "source_order", "recency"]


class AttributeOut(BaseModel):
    """A surviving value of basic data."""

    value: str
    kind: str | None
    provenance: ProvenanceOut


class CustomerOut(BaseModel):
    """The golden record and the cross-references, by the records that the client may see."""

    customer_id: str
    elements: ElementsOut
    deceased: bool
    attributes: Annotated[dict[str, list[AttributeOut]], Field(description="By field, the best value first.")]
    provenance: Annotated[
        dict[str, ProvenanceOut], Field(description="Of each known element, and of deceased.")
    ]
    cross_references: list[CrossReferenceOut]
