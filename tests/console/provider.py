"""A small OpenID Connect provider that really runs: discovery, code flow with PKCE, signed ID tokens."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "console", "a secret of the console"


@dataclass
class Provider:
    """Whoever comes is signed in at once, as `subject`. Tests may change what is said of them."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    signer: Any = None
    algorithm: str = "RS256"
    denies: bool = False
    issues: str = ""
    asked: int = 0
    subject: str = "li.wei"
    roles: Any = "auditor"
    changes: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.metadata),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", self.keys),
            ]
        )

    async def metadata(self, _: Request) -> Response:
        names = ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "keys")
        return JSONResponse({"issuer": self.issuer, **{n: f"{self.issuer}/{p}" for n, p in names}})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        if self.denies:
            answer = f"error=access_denied&state={asked['state']}"
        else:
            code = f"code-{len(self.codes)}"
            self.codes[code] = asked
            answer = f"code={code}&state={asked['state']}"
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}{self.issues}", 302)

    async def token(self, request: Request) -> Response:
        self.asked += 1
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self.codes.pop(form["code"], None)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or "authorization" not in request.headers:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.subject, "roles": self.roles}
        claims |= {"nonce": asked["nonce"], "iat": now, "exp": now + 300, **self.changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        return JSONResponse({"id_token": self.signed(claims)})

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": "k1"}
        if self.algorithm == "none":
            parts = (urlsafe_b64encode(json.dumps(part).encode()).decode() for part in (header, claims))
            return ".".join(part.rstrip("=") for part in parts) + "."
        return jwt.encode(header, claims, self.signer or self.key, [self.algorithm])

    async def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port."""
    provider = Provider()
    config = uvicorn.Config(provider.app(), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        provider.issuer = f"http://127.0.0.1:{port}"
        yield provider
    finally:
        server.should_exit = True
        thread.join()
