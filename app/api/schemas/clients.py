"""Clients on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.access.client import CLIENT_ID, SOURCE_SYSTEM, Client
from app.core.access.client_keys import LONGEST_URI, ClientKeys, UnusableKeys, registered_keys
from app.core.access.scope import Domain, Scope
from app.services.errors import InvalidRequest
from app.services.manage_clients import DEFAULT_RATE, HIGHEST_RATE, MOST_SOURCE_SYSTEMS, NewClient

ClientId = Annotated[str, Field(pattern=f"^{CLIENT_ID.pattern}$", max_length=64, examples=["hospital-east"])]
SourceSystem = Annotated[
    str, Field(pattern=f"^{SOURCE_SYSTEM.pattern}$", max_length=64, examples=["medical"])
]
Rate = Annotated[
    int | None, Field(ge=1, le=HIGHEST_RATE, strict=True, description="Requests a second; null: no limit.")
]

Jwks = Annotated[
    dict[str, Any] | None,
    Field(
        description="Its public keys (RFC 7517: EC P-256, for ES256), instead of a secret.",
        examples=[{"keys": [{"kty": "EC", "crv": "P-256", "x": "…", "y": "…", "kid": "his-1"}]}],
    ),
]
JwksUri = Annotated[
    str | None,
    Field(max_length=LONGEST_URI, description="Where it publishes them (https), instead of a secret."),
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

    jwks: Jwks = None
    jwks_uri: JwksUri = None

    def new(self) -> NewClient:
        """As the use case takes it."""
        given = self.source_systems
        systems = frozenset(given) if isinstance(given, list) else given
        return NewClient(self.client_id, frozenset(self.scopes), self.domain, systems, self.rate)

    def keys(self) -> ClientKeys | None:
        """The keys it is to have instead of a secret. Raises `InvalidRequest`."""
        if self.jwks is None and self.jwks_uri is None:
            return None
        return client_keys(self.jwks, self.jwks_uri)


class ClientKeysIn(BaseModel):
    """The keys by which a client is to prove itself: `jwks` or `jwks_uri`."""

    model_config = ConfigDict(extra="forbid")

    jwks: Jwks = None
    jwks_uri: JwksUri = None

    def keys(self) -> ClientKeys:
        """As the use case takes them. Raises `InvalidRequest`."""
        return client_keys(self.jwks, self.jwks_uri)


def client_keys(jwks: dict[str, Any] | None, jwks_uri: str | None) -> ClientKeys:
    """Raises `InvalidRequest`, naming the field."""
    try:
        return registered_keys(jwks, jwks_uri)
    except UnusableKeys as unusable:
        raise InvalidRequest("jwks" if jwks_uri is None else "jwks_uri", str(unusable)) from None


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
    method: Literal["client_secret", "private_key_jwt"]

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
            method="private_key_jwt" if client.has_keys else "client_secret",
        )


class ClientSecretOut(BaseModel):
    """A client's new secret. It is shown this once: only its digest is kept."""

    client_id: str
    client_secret: str


class ClientCreatedOut(ClientOut):
    """A new client with its secret, which is shown this once; null where it has keys."""

    client_secret: str | None


class ClientPageOut(BaseModel):
    """Clients by ID; `next` is the cursor of the following page, or null."""

    items: list[ClientOut]
    next: str | None
