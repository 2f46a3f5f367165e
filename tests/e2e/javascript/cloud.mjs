// The running local cloud, as the environment describes it.

import { randomUUID } from "node:crypto";

export const apiUrl = required("API_URL");
export const endpointUrl = required("ENDPOINT_URL");
export const region = required("REGION");
export const userPoolId = required("USER_POOL_ID");
export const clientId = required("CLIENT_ID");

export const PASSWORD = "Correct-horse-1";

/** An address that nobody has signed up with. */
export function newEmail() {
  return `ada.${randomUUID().slice(0, 8)}@example.com`;
}

/** The latest code that was sent to an address. */
export async function latestCode(email) {
  const response = await fetch(`${endpointUrl}/_inbox?to=${encodeURIComponent(email)}`);
  const [message] = await response.json();
  if (!message) throw new Error(`nothing was sent to ${email}`);
  return message.code;
}

/** The answer of GET /me: its status and its JSON. */
export async function getMe(accessToken) {
  const response = await fetch(`${apiUrl}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  return { status: response.status, body: await response.json() };
}

/** A variable of the environment, which the test of pytest sets. */
export function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`the environment lacks ${name}`);
  return value;
}
