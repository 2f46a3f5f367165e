// The life of a user with aws-amplify.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Amplify } from "aws-amplify";
import {
  confirmResetPassword,
  confirmSignUp,
  deleteUser,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
  updatePassword,
  updateUserAttributes,
} from "aws-amplify/auth";

import { PASSWORD, clientId, endpointUrl, getMe, latestCode, newEmail, userPoolId } from "./cloud.mjs";

const CHANGED = "Battery-staple-2";
const FORGOTTEN = "Paper-clip-3";

const username = newEmail();
const operations = recordOperations();

Amplify.configure({
  Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: endpointUrl } },
});

suite("aws-amplify", () => {
  test("signs up", async () => {
    const attributes = { email: username, name: "Ada Lovelace" };
    const { nextStep } = await signUp({ username, password: PASSWORD, options: { userAttributes: attributes } });
    assert.equal(nextStep.signUpStep, "CONFIRM_SIGN_UP");
  });

  test("asks for confirmation at sign-in", async () => {
    const { nextStep } = await signIn({ username, password: PASSWORD });
    assert.equal(nextStep.signInStep, "CONFIRM_SIGN_UP");
  });

  test("confirms with a code that was sent again", async () => {
    const first = await latestCode(username);
    await resendSignUpCode({ username });
    const confirmationCode = await latestCode(username);
    assert.notEqual(confirmationCode, first);
    const { nextStep } = await confirmSignUp({ username, confirmationCode });
    assert.equal(nextStep.signUpStep, "DONE");
  });

  test("refuses a wrong password", async () => {
    const attempt = signIn({ username, password: "Wrong-horse-1" });
    await assert.rejects(attempt, { name: "NotAuthorizedException", message: "Incorrect username or password." });
  });

  test("does not tell who has an account", async () => {
    const attempt = signIn({ username: newEmail(), password: PASSWORD });
    await assert.rejects(attempt, { name: "NotAuthorizedException", message: "Incorrect username or password." });
  });

  test("signs in, and the API knows who it is", async () => {
    const { nextStep } = await signIn({ username, password: PASSWORD });
    assert.equal(nextStep.signInStep, "DONE");
    const { userId } = await getCurrentUser();
    const { status, body } = await getMe(await accessToken());
    assert.equal(status, 200);
    assert.equal(body.id, userId);
    assert.equal(body.email, username);
    assert.equal(body.name, "Ada Lovelace", "the row is the one that create_user made at sign-up");
  });

  test("refreshes", async () => {
    const before = await accessToken();
    const after = await accessToken({ forceRefresh: true });
    assert.notEqual(after, before);
    assert.equal(operations.at(-1), "GetTokensFromRefreshToken");
    assert.equal((await getMe(after)).status, 200);
  });

  test("changes an attribute", async () => {
    const { name } = await updateUserAttributes({ userAttributes: { name: "Countess of Lovelace" } });
    assert.equal(name.isUpdated, true);
    assert.equal((await fetchUserAttributes()).name, "Countess of Lovelace");
  });

  test("changes the password", async () => {
    await updatePassword({ oldPassword: PASSWORD, newPassword: CHANGED });
    await signOut();
    await assert.rejects(signIn({ username, password: PASSWORD }), { name: "NotAuthorizedException" });
    await signIn({ username, password: CHANGED });
  });

  test("recovers from a forgotten password", async () => {
    await signOut();
    const { nextStep } = await resetPassword({ username });
    assert.equal(nextStep.resetPasswordStep, "CONFIRM_RESET_PASSWORD_WITH_CODE");
    const confirmationCode = await latestCode(username);
    await confirmResetPassword({ username, confirmationCode, newPassword: FORGOTTEN });
    await signIn({ username, password: FORGOTTEN });
  });

  test("signs out, and has no tokens any more", async () => {
    await signOut({ global: true });
    assert.equal((await fetchAuthSession()).tokens, undefined);
    await assert.rejects(getCurrentUser(), { name: "UserUnAuthenticatedException" });
  });

  test("deletes the user", async () => {
    await signIn({ username, password: FORGOTTEN });
    await deleteUser();
    await assert.rejects(signIn({ username, password: FORGOTTEN }), { name: "NotAuthorizedException" });
  });
});

/** The access token in its encoded form. */
async function accessToken(options) {
  return (await fetchAuthSession(options)).tokens.accessToken.toString();
}

/** The names of Cognito's operations, in the order in which they are called from now on. */
function recordOperations() {
  const names = [];
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const target = new Headers(init?.headers).get("x-amz-target");
    if (target) names.push(target.split(".").at(-1));
    return send(input, init);
  };
  return names;
}
