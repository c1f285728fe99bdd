"""The OAuth endpoints on the wire, in the standards' own words."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from app.api.schemas.match import AuthorizationDetail
from app.core.access.refusal import OAuthError
from app.core.access.scope import Scope

CLIENT_CREDENTIALS = "client_credentials"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a token type
AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

_BASIC_OR = "Or send it with client_id in the Authorization header (Basic)."


class TokenIn(BaseModel):
    """RFC 6749 section 4.4 and RFC 8693 section 2.1, as a form."""

    grant_type: Literal["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"]
    scope: Annotated[str | None, Field(description="Space-delimited; all registered scopes without it.")] = (
        None
    )
    resource: Annotated[
        list[str] | None, Field(description="RFC 8707: this server (the default) or the Health Data Center.")
    ] = None
    subject_token: Annotated[str | None, Field(description="Token exchange: the partner's token.")] = None
    subject_token_type: Annotated[str | None, Field(examples=[ACCESS_TOKEN_TYPE])] = None
    requested_token_type: Annotated[str | None, Field(examples=[ACCESS_TOKEN_TYPE])] = None
    audience: Annotated[list[str] | None, Field(description="Token exchange: this server.")] = None
    client_id: str | None = None
    client_secret: Annotated[str | None, Field(description=_BASIC_OR)] = None


class OneTokenIn(BaseModel):
    """RFC 7662 section 2.1 and RFC 7009 section 2.1, as a form."""

    token: str
    token_type_hint: Annotated[str | None, Field(examples=["access_token"])] = None
    client_id: str | None = None
    client_secret: Annotated[str | None, Field(description=_BASIC_OR)] = None


class TokenOut(BaseModel):
    """RFC 6749 section 5.1; `issued_token_type` after a token exchange."""

    access_token: Annotated[str, Field(description="An RFC 9068 JWT (`at+jwt`), signed with ES256.")]
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(description="Seconds.", examples=[900])]
    scope: Annotated[str, Field(examples=["customer:match records:medical"])]
    issued_token_type: Annotated[str | None, Field(examples=[ACCESS_TOKEN_TYPE])] = None


class OAuthErrorOut(BaseModel):
    """RFC 6749 section 5.2."""

    error: OAuthError
    error_description: str


class ActorOut(BaseModel):
    """RFC 8693 section 4.1: who speaks for the subject."""

    sub: str


class IntrospectionOut(BaseModel):
    """RFC 7662 section 2.2. Of a token that does not live, `active` is all there is."""

    active: bool
    iss: str | None = None
    sub: str | None = None
    aud: str | None = None
    client_id: str | None = None
    scope: str | None = None
    exp: int | None = None
    iat: int | None = None
    jti: str | None = None
    token_type: Literal["Bearer"] | None = None
    act: ActorOut | None = None
    authorization_details: list[AuthorizationDetail] | None = None


class JwkOut(BaseModel):
    """RFC 7517: a public key."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    kid: str
    use: Literal["sig"]
    alg: Literal["ES256"]


class JwksOut(BaseModel):
    """RFC 7517: the keys that tokens may be signed with; the kid in a token's header says which."""

    keys: list[JwkOut]


class MetadataOut(BaseModel):
    """RFC 8414: what works here, and nothing else."""

    issuer: str
    token_endpoint: str
    introspection_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    scopes_supported: list[Scope]
    response_types_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    introspection_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    authorization_details_types_supported: list[str]

    @classmethod
    def of(cls, issuer: str) -> "MetadataOut":
        """The metadata of an installation; there is no authorization endpoint, so no response type."""
        return cls(
            issuer=issuer,
            token_endpoint=f"{issuer}/oauth2/token",
            introspection_endpoint=f"{issuer}/oauth2/introspect",
            revocation_endpoint=f"{issuer}/oauth2/revoke",
            jwks_uri=f"{issuer}/oauth2/jwks",
            scopes_supported=list(Scope),
            response_types_supported=[],
            grant_types_supported=[CLIENT_CREDENTIALS, TOKEN_EXCHANGE],
            token_endpoint_auth_methods_supported=AUTH_METHODS,
            introspection_endpoint_auth_methods_supported=AUTH_METHODS,
            revocation_endpoint_auth_methods_supported=AUTH_METHODS,
            authorization_details_types_supported=["customer_records"],
        )


def form_body(model: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI request body of a form that the route reads by itself, strictly."""
    schema = model.model_json_schema()
    return {
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": schema}},
        },
    }
