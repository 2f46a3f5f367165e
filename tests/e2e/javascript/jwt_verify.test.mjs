// Tokens under aws-jwt-verify: they name the pool's address on AWS as their issuer, and are signed with local keys.

import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { Amplify } from "aws-amplify";
import { confirmSignUp, fetchAuthSession, signIn, signUp } from "aws-amplify/auth";
import { CognitoJwtVerifier } from "aws-jwt-verify";

import { PASSWORD, clientId, endpointUrl, latestCode, newEmail, region, userPoolId } from "./cloud.mjs";

const username = newEmail();
let accessToken;
let idToken;
let keys;

Amplify.configure({
  Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: endpointUrl } },
});

suite("aws-jwt-verify", () => {
  before(async () => {
    await signUp({ username, password: PASSWORD, options: { userAttributes: { email: username } } });
    await confirmSignUp({ username, confirmationCode: await latestCode(username) });
    await signIn({ username, password: PASSWORD });
    const { tokens } = await fetchAuthSession();
    [accessToken, idToken] = [tokens.accessToken.toString(), tokens.idToken.toString()];
    keys = await (await fetch(`${endpointUrl}/${userPoolId}/.well-known/jwks.json`)).json();
  });

  test("accepts access tokens", async () => {
    const claims = await verifier({ tokenUse: "access", scope: "aws.cognito.signin.user.admin" }).verify(accessToken);
    assert.equal(claims.iss, `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`);
    assert.equal(claims.client_id, clientId);
  });

  test("accepts ID tokens", async () => {
    const claims = await verifier({ tokenUse: "id" }).verify(idToken);
    assert.equal(claims.aud, clientId);
    assert.equal(claims.email, username);
  });

  test("refuses an ID token where an access token is due", async () => {
    await assert.rejects(verifier({ tokenUse: "access" }).verify(idToken), /Token use not allowed: id\. Expected: access/);
  });

  test("refuses the tokens of another client", async () => {
    const other = verifier({ tokenUse: "access", clientId: "another" });
    await assert.rejects(other.verify(accessToken), /Client ID not allowed/);
  });

  test("refuses a changed token", async () => {
    const [header, , signature] = accessToken.split(".");
    const claims = JSON.stringify({ ...claimsOf(accessToken), "cognito:groups": ["admins"] });
    const forged = `${header}.${Buffer.from(claims).toString("base64url")}.${signature}`;
    await assert.rejects(verifier({ tokenUse: "access" }).verify(forged), /Invalid signature/);
  });
});

/** A verifier that has the local keys, instead of asking AWS for them. */
function verifier(properties) {
  const made = CognitoJwtVerifier.create({ userPoolId, clientId, ...properties });
  made.cacheJwks(keys);
  return made;
}

/** The claims of a token, unverified. */
function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
}
