"""The OAuth endpoints on the wire, in the standards' own words."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, Field
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from app.api.schemas.match import AuthorizationDetail
from app.core.access.refusal import OAuthError
from app.core.access.scope import Scope
from app.services.authenticate_client import ASSERTION_TYPE

CLIENT_CREDENTIALS = "client_credentials"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a token type
AUTH_METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
ASSERTION_ALGORITHMS = ["ES256"]

ClientId = Annotated[str, Field(examples=["hospital"])]
ClientSecret = Annotated[
    str, Field(description="Or send it with client_id in the Authorization header (Basic), which is better.")
]
ClientAssertion = Annotated[
    str, Field(description="Instead of a secret: a JWT under the client's key (RFC 7523), good once.")
]
AssertionType = Annotated[str, Field(examples=[ASSERTION_TYPE])]
TokenType = Annotated[str, Field(examples=[ACCESS_TOKEN_TYPE])]
ScopeList = Annotated[str, Field(description="Space-delimited; all that is registered without it.")]


class ClientCredentialsForm(TypedDict):
    """RFC 6749 section 4.4 with RFC 8707."""

    grant_type: Literal["client_credentials"]
    scope: NotRequired[ScopeList]
    resource: NotRequired[
        Annotated[
            list[str], Field(description="RFC 8707: this server (the default) or the Health Data Center.")
        ]
    ]
    client_id: NotRequired[ClientId]
    client_secret: NotRequired[ClientSecret]
    client_assertion: NotRequired[ClientAssertion]
    client_assertion_type: NotRequired[AssertionType]


class TokenExchangeForm(TypedDict):
    """RFC 8693 section 2.1: the Health Data Center asks on behalf of a partner."""

    grant_type: Literal["urn:ietf:params:oauth:grant-type:token-exchange"]
    subject_token: Annotated[str, Field(description="The partner's token.")]
    subject_token_type: TokenType
    requested_token_type: NotRequired[TokenType]
    scope: NotRequired[ScopeList]
    resource: NotRequired[Annotated[list[str], Field(description="This server.")]]
    audience: NotRequired[Annotated[list[str], Field(description="This server.")]]
    client_id: NotRequired[ClientId]
    client_secret: NotRequired[ClientSecret]
    client_assertion: NotRequired[ClientAssertion]
    client_assertion_type: NotRequired[AssertionType]


class OneTokenForm(TypedDict):
    """RFC 7662 section 2.1 and RFC 7009 section 2.1."""

    token: str
    token_type_hint: NotRequired[Annotated[str, Field(examples=["access_token"])]]
    client_id: NotRequired[ClientId]
    client_secret: NotRequired[ClientSecret]
    client_assertion: NotRequired[ClientAssertion]
    client_assertion_type: NotRequired[AssertionType]


FORMS = (ClientCredentialsForm, TokenExchangeForm, OneTokenForm)
"""The forms, which routes read by themselves, strictly; for the OpenAPI document alone."""


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
    derived_from: Annotated[
        list[str] | None, Field(description="Ours: the `jti` of each token that this one ends with.")
    ] = None
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
    token_endpoint_auth_signing_alg_values_supported: list[str]
    introspection_endpoint_auth_signing_alg_values_supported: list[str]
    revocation_endpoint_auth_signing_alg_values_supported: list[str]
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
            token_endpoint_auth_signing_alg_values_supported=ASSERTION_ALGORITHMS,
            introspection_endpoint_auth_signing_alg_values_supported=ASSERTION_ALGORITHMS,
            revocation_endpoint_auth_signing_alg_values_supported=ASSERTION_ALGORITHMS,
            authorization_details_types_supported=["customer_records"],
        )


def form_body(*forms: str) -> dict[str, Any]:
    """The OpenAPI request body of a form: one of these, told apart by `grant_type`."""
    references = [{"$ref": f"#/components/schemas/{form}"} for form in forms]
    schema: dict[str, Any] = references[0] if len(references) == 1 else {"oneOf": references}
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}
