// openid-client and oauth4webapi against a live center. Who is registered there comes as JSON on standard input.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as oauth from "oauth4webapi";
import * as openid from "openid-client";

const { issuer, hdc, partner, keyed, server, privateKey, keyId } = JSON.parse(readFileSync(0, "utf8"));
const SCOPE = "customer:match customer:read";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const ON_LOOPBACK = { [oauth.allowInsecureRequests]: true };

const der = Buffer.from(privateKey.replace(/-----[^-]+-----|\s/g, ""), "base64");
const curve = { name: "ECDSA", namedCurve: "P-256" };
const key = { key: await webcrypto.subtle.importKey("pkcs8", der, curve, false, ["sign"]), kid: keyId };
const other = { key: (await oauth.generateKeyPair("ES256")).privateKey, kid: keyId };

// Each way to authenticate, with the client that may use it.
const WAYS = [
  ["client_secret_basic", partner, (library) => library.ClientSecretBasic(partner.client_secret)],
  ["client_secret_post", partner, (library) => library.ClientSecretPost(partner.client_secret)],
  ["private_key_jwt", keyed, (library) => library.PrivateKeyJwt(key)],
];

// How each library says that authentication failed: RFC 6749 section 5.2 wants 401, the code and a challenge.
async function isRefused(error) {
  assert.equal(error.status ?? error.cause?.status, 401, error);
  const response = error.response ?? error.cause?.response;
  assert.match(response.headers.get("www-authenticate"), /^Basic /);
  if (!response.bodyUsed) assert.equal((await response.json()).error, "invalid_client");
  else assert.equal(error.error, "invalid_client");
}

async function refused(promise) {
  const error = await promise.then(
    () => assert.fail("it was let in"),
    (reason) => reason,
  );
  await isRefused(error);
}

// --- openid-client ---

function discovered(clientId, authentication) {
  const options = { algorithm: "oauth2", execute: [openid.allowInsecureRequests] };
  return openid.discovery(new URL(issuer), clientId, undefined, authentication, options);
}

const resourceServer = () =>
  discovered(server.client_id, openid.ClientSecretBasic(server.client_secret));

for (const [way, client, authentication] of WAYS) {
  test(`openid-client: ${way} fetches, uses, has inspected and ends a token`, async () => {
    const config = await discovered(client.client_id, authentication(openid));
    assert(config.serverMetadata().token_endpoint_auth_methods_supported.includes(way));
    const token = await openid.clientCredentialsGrant(config, { scope: SCOPE });
    assert.deepEqual([token.token_type, token.scope], ["bearer", SCOPE]);
    assert(token.expiresIn() > 880 && token.expiresIn() <= 900);
    const place = new URL(`${issuer}/v1/customers/C0`);
    const answer = await openid.fetchProtectedResource(config, token.access_token, place, "GET");
    assert.equal(answer.status, 404);

    const inspector = await resourceServer();
    const told = await openid.tokenIntrospection(inspector, token.access_token);
    assert.deepEqual(
      [told.active, told.iss, told.sub, told.client_id, told.aud, told.scope],
      [true, issuer, client.client_id, client.client_id, issuer, SCOPE],
    );
    await openid.tokenRevocation(config, token.access_token);
    assert.deepEqual(await openid.tokenIntrospection(inspector, token.access_token), { active: false });
    await assert.rejects(openid.fetchProtectedResource(config, token.access_token, place, "GET"), {
      status: 401,
    });
  });
}

test("openid-client: a partner's token is exchanged", async () => {
  const config = await discovered(partner.client_id, openid.ClientSecretBasic(partner.client_secret));
  const subject = await openid.clientCredentialsGrant(config, { resource: hdc });
  const actor = await resourceServer();
  const exchange = { subject_token: subject.access_token, subject_token_type: ACCESS_TOKEN };
  const issued = await openid.genericGrantRequest(actor, EXCHANGE, exchange);
  assert.equal(issued.issued_token_type, ACCESS_TOKEN);
  const told = await openid.tokenIntrospection(actor, issued.access_token);
  assert.deepEqual([told.sub, told.act.sub, told.aud], [partner.client_id, server.client_id, issuer]);
  assert.equal(told.scope, "customer:match");
  await assert.rejects(openid.genericGrantRequest(config, EXCHANGE, exchange), {
    error: "unauthorized_client",
    status: 400,
  });
});

test("openid-client: a wrong secret or key is refused, and so is who may not inspect", async () => {
  const wrong = "x".repeat(43);
  for (const authentication of [openid.ClientSecretBasic(wrong), openid.ClientSecretPost(wrong)]) {
    await refused(openid.clientCredentialsGrant(await discovered(partner.client_id, authentication)));
  }
  const forged = await discovered(keyed.client_id, openid.PrivateKeyJwt(other));
  await refused(openid.clientCredentialsGrant(forged));
  const config = await discovered(partner.client_id, openid.ClientSecretBasic(partner.client_secret));
  const { access_token } = await openid.clientCredentialsGrant(config);
  await assert.rejects(openid.tokenIntrospection(config, access_token), {
    error: "insufficient_scope",
    status: 403,
  });
});

// --- oauth4webapi ---

async function metadata() {
  const options = { algorithm: "oauth2", ...ON_LOOPBACK };
  const response = await oauth.discoveryRequest(new URL(issuer), options);
  return oauth.processDiscoveryResponse(new URL(issuer), response);
}

async function fetchToken(as, client, authentication, parameters = {}) {
  const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, ON_LOOPBACK);
  return oauth.processClientCredentialsResponse(as, client, response);
}

async function inspect(as, token) {
  const authentication = oauth.ClientSecretBasic(server.client_secret);
  const response = await oauth.introspectionRequest(as, server, authentication, token, ON_LOOPBACK);
  return oauth.processIntrospectionResponse(as, server, response);
}

for (const [way, client, authentication] of WAYS) {
  test(`oauth4webapi: ${way}, and the token is an RFC 9068 one by our published keys`, async () => {
    const as = await metadata();
    const token = await fetchToken(as, client, authentication(oauth), { scope: "customer:read" });
    const request = new Request(issuer, { headers: { authorization: `Bearer ${token.access_token}` } });
    const claims = await oauth.validateJwtAccessToken(as, request, issuer, ON_LOOPBACK);
    assert.deepEqual([claims.sub, claims.scope], [client.client_id, "customer:read"]);
    await assert.rejects(oauth.validateJwtAccessToken(as, request, hdc, ON_LOOPBACK), {
      code: oauth.JWT_CLAIM_COMPARISON,
    });
    assert.equal((await inspect(as, token.access_token)).jti, claims.jti);
    const end = () =>
      oauth.revocationRequest(as, client, authentication(oauth), token.access_token, ON_LOOPBACK);
    await oauth.processRevocationResponse(await end());
    assert.deepEqual(await inspect(as, token.access_token), { active: false });
    await oauth.processRevocationResponse(await end());
  });
}

test("oauth4webapi: a partner's token is exchanged, and what is obtained with it ends with it", async () => {
  const as = await metadata();
  const secret = oauth.ClientSecretPost(partner.client_secret);
  const subject = await fetchToken(as, partner, secret, { resource: hdc });
  const form = { subject_token: subject.access_token, subject_token_type: ACCESS_TOKEN };
  const authentication = oauth.ClientSecretPost(server.client_secret);
  const exchange = () =>
    oauth.genericTokenEndpointRequest(as, server, authentication, EXCHANGE, form, ON_LOOPBACK);
  const issued = await oauth.processGenericTokenEndpointResponse(as, server, await exchange());
  assert.equal((await inspect(as, issued.access_token)).act.sub, server.client_id);
  const ended = await oauth.revocationRequest(as, partner, secret, subject.access_token, ON_LOOPBACK);
  await oauth.processRevocationResponse(ended);
  assert.deepEqual(await inspect(as, issued.access_token), { active: false });
  const again = oauth.processGenericTokenEndpointResponse(as, server, await exchange());
  await assert.rejects(again, { error: "invalid_request", status: 400 });
});

// Each assertion is a good one but for what is changed here, so that nothing else can be what is refused.
const ASSERTIONS = {
  "for another server": (header, claims) => { claims.aud = "https://elsewhere.example"; },
  "that has expired": (header, claims) => { claims.exp = claims.iat - 61; },
  "that lives an hour": (header, claims) => { claims.exp = claims.iat + 3600; },
  "in another's name": (header, claims) => { claims.sub = "partner"; },
  "without an ID": (header, claims) => { delete claims.jti; },
  "by an unknown key": (header) => { header.kid = "keyed-2"; },
};

for (const [what, change] of Object.entries(ASSERTIONS)) {
  test(`oauth4webapi: an assertion ${what} is refused`, async () => {
    const changed = oauth.PrivateKeyJwt(key, { [oauth.modifyAssertion]: change });
    await refused(fetchToken(await metadata(), keyed, changed));
  });
}

test("oauth4webapi: an assertion is taken once", async () => {
  const as = await metadata();
  const same = oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion]: (header, claims) => { claims.jti = "once"; },
  });
  assert.ok((await fetchToken(as, keyed, same)).access_token);
  await refused(fetchToken(as, keyed, same));
});

test("oauth4webapi: wrong credentials, scopes and places are refused", async () => {
  const as = await metadata();
  await refused(fetchToken(as, partner, oauth.ClientSecretBasic("x".repeat(43))));
  await refused(fetchToken(as, keyed, oauth.PrivateKeyJwt(other)));
  await refused(fetchToken(as, { client_id: "nobody" }, oauth.ClientSecretPost("x".repeat(43))));
  const secret = oauth.ClientSecretBasic(partner.client_secret);
  for (const [parameters, error] of [
    [{ scope: "audit:read" }, "invalid_scope"],
    [{ resource: "https://elsewhere.example" }, "invalid_target"],
  ]) {
    await assert.rejects(fetchToken(as, partner, secret, parameters), { error, status: 400 });
  }
});
