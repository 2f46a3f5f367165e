// The life of a user with amazon-cognito-identity-js, which signs in by SRP.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from "amazon-cognito-identity-js";

import { PASSWORD, clientId, endpointUrl, getMe, latestCode, newEmail, userPoolId } from "./cloud.mjs";

const CHANGED = "Battery-staple-2";
const FORGOTTEN = "Paper-clip-3";

const email = newEmail();
const pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: endpointUrl });
const user = new CognitoUser({ Username: email, Pool: pool });

suite("amazon-cognito-identity-js", () => {
  test("signs up", async () => {
    const attributes = [new CognitoUserAttribute({ Name: "name", Value: "Ada Lovelace" })];
    const result = await called((done) => pool.signUp(email, PASSWORD, attributes, null, done));
    assert.equal(result.userConfirmed, false);
    assert.equal(result.codeDeliveryDetails.DeliveryMedium, "EMAIL");
  });

  test("refuses a second sign-up", async () => {
    const again = called((done) => pool.signUp(email, PASSWORD, [], null, done));
    await assert.rejects(again, { code: "UsernameExistsException" });
  });

  test("refuses to sign in before the code", async () => {
    await assert.rejects(signIn(PASSWORD), { code: "UserNotConfirmedException" });
  });

  test("refuses a wrong code", async () => {
    const wrong = (await latestCode(email)) === "000000" ? "000001" : "000000";
    const confirmation = called((done) => user.confirmRegistration(wrong, false, done));
    await assert.rejects(confirmation, { code: "CodeMismatchException" });
  });

  test("confirms", async () => {
    const code = await latestCode(email);
    assert.equal(await called((done) => user.confirmRegistration(code, false, done)), "SUCCESS");
  });

  test("refuses a wrong password", async () => {
    await assert.rejects(signIn("Wrong-horse-1"), {
      code: "NotAuthorizedException",
      message: "Incorrect username or password.",
    });
  });

  test("signs in, and the API knows who it is", async () => {
    const session = await signIn(PASSWORD);
    assert.equal(session.getIdToken().payload.email, email);
    const { status, body } = await getMe(session.getAccessToken().getJwtToken());
    assert.equal(status, 200);
    assert.equal(body.id, session.getAccessToken().payload.sub);
    assert.equal(body.name, "Ada Lovelace", "the row is the one that create_user made at sign-up");
  });

  test("refreshes", async () => {
    const before = user.getSignInUserSession();
    const session = await called((done) => user.refreshSession(before.getRefreshToken(), done));
    assert.notEqual(session.getAccessToken().getJwtToken(), before.getAccessToken().getJwtToken());
    assert.equal((await getMe(session.getAccessToken().getJwtToken())).status, 200);
  });

  test("changes the password", async () => {
    assert.equal(await called((done) => user.changePassword(PASSWORD, CHANGED, done)), "SUCCESS");
    await assert.rejects(signIn(PASSWORD), { code: "NotAuthorizedException" });
    await signIn(CHANGED);
  });

  test("recovers from a forgotten password", async () => {
    await new Promise((resolve, reject) => {
      user.forgotPassword({ onSuccess: reject, onFailure: reject, inputVerificationCode: resolve });
    });
    const code = await latestCode(email);
    await called((done) => user.confirmPassword(code, FORGOTTEN, callbacks(done)));
    await assert.rejects(signIn(CHANGED), { code: "NotAuthorizedException" });
    await signIn(FORGOTTEN);
  });

  test("changes an attribute", async () => {
    const attribute = new CognitoUserAttribute({ Name: "name", Value: "Countess of Lovelace" });
    assert.equal(await called((done) => user.updateAttributes([attribute], done)), "SUCCESS");
    const attributes = await called((done) => user.getUserAttributes(done));
    assert.equal(attributes.find(({ Name }) => Name === "name").Value, "Countess of Lovelace");
  });

  test("signs out everywhere", async () => {
    const session = user.getSignInUserSession();
    await called((done) => user.globalSignOut(callbacks(done)));
    const parameters = { REFRESH_TOKEN: session.getRefreshToken().getToken() };
    const request = { ClientId: clientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: parameters };
    // Not by refreshSession, which tries again for five seconds, whatever the error.
    const refresh = called((done) => pool.client.request("InitiateAuth", request, done));
    await assert.rejects(refresh, { code: "NotAuthorizedException" });
  });
});

/** The session of a sign-in by SRP. */
function signIn(password) {
  const details = new AuthenticationDetails({ Username: email, Password: password });
  return called((done) => user.authenticateUser(details, callbacks(done)));
}

/** A promise of what a function gives to its Node callback. */
function called(run) {
  return new Promise((resolve, reject) => {
    run((error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** The library's other kind of callback, for a Node callback. */
function callbacks(done) {
  return { onSuccess: (result) => done(null, result), onFailure: done };
}
