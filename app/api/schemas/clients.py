"""Clients on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.access.client import CLIENT_ID, SOURCE_SYSTEM, Client
from app.core.access.scope import Domain, Scope
from app.services.manage_clients import DEFAULT_RATE, HIGHEST_RATE, MOST_SOURCE_SYSTEMS, NewClient

ClientId = Annotated[str, Field(pattern=f"^{CLIENT_ID.pattern}$", max_length=64, examples=["hospital-east"])]
SourceSystem = Annotated[
    str, Field(pattern=f"^{SOURCE_SYSTEM.pattern}$", max_length=64, examples=["medical"])
]
Rate = Annotated[
    int | None, Field(ge=1, le=HIGHEST_RATE, strict=True, description="Requests a second; null: no limit.")
]


class ClientIn(BaseModel):
    """A client to register."""

    model_config = ConfigDict(extra="forbid")

    client_id: ClientId
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    domain: Domain | None = None
    source_systems: Annotated[
        Annotated[list[SourceSystem], Field(max_length=MOST_SOURCE_SYSTEMS)] | Literal["all"] | None,
        Field(description="What it registers for and reads of; by default the one named like its domain."),
    ] = None
    rate: Rate = DEFAULT_RATE

    def new(self) -> NewClient:
        """As the use case takes it."""
        given = self.source_systems
        systems = frozenset(given) if isinstance(given, list) else given
        return NewClient(self.client_id, frozenset(self.scopes), self.domain, systems, self.rate)


class ClientOut(BaseModel):
    """A registered client. Its tokens issued at or before `not_before` are dead."""

    client_id: str
    scopes: list[Scope]
    domain: Domain | None
    source_systems: list[str] | Literal["all"]
    rate: int | None
    active: bool
    created_at: datetime
    not_before: datetime | None

    @classmethod
    def of(cls, client: Client) -> "ClientOut":
        """From the core's shape."""
        systems = client.source_systems
        return cls(
            client_id=client.client_id,
            scopes=sorted(client.scopes),
            domain=client.domain,
            source_systems="all" if systems is None else sorted(systems),
            rate=client.rate,
            active=client.active,
            created_at=client.created_at,
            not_before=client.not_before,
        )


class ClientSecretOut(BaseModel):
    """A client's new secret. It is shown this once: only its digest is kept."""

    client_id: str
    client_secret: str


class ClientCreatedOut(ClientOut):
    """A new client with its secret, which is shown this once."""

    client_secret: str


class ClientPageOut(BaseModel):
    """Clients by ID; `next` is the cursor of the following page, or null."""

    items: list[ClientOut]
    next: str | None
