// The pages of the hosted UI in a browser: from sign-up to the app's page with a code.

import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { chromium } from "playwright-core";

import { PASSWORD, clientId, endpointUrl, latestCode, newEmail, required } from "./cloud.mjs";

const CALLBACK = "http://localhost:5173/";
const email = newEmail();
let browser;
let page;

suite("hosted UI", () => {
  before(async () => {
    browser = await chromium.launchPersistentContext(required("BROWSER_PROFILE"), {
      executablePath: required("CHROMIUM"),
      headless: true,
      chromiumSandbox: false,
      args: ["--disable-background-networking", "--disable-gpu", "--no-first-run"],
      viewport: { width: 900, height: 700 },
    });
    browser.setDefaultTimeout(10_000);
    page = browser.pages()[0] ?? (await browser.newPage());
    // The app itself is not part of this: an empty page at its address.
    await page.route(`${CALLBACK}**`, (route) => route.fulfill({ body: "the app" }));
    const query = new URLSearchParams({ client_id: clientId, redirect_uri: CALLBACK, response_type: "code" });
    await page.goto(`${endpointUrl}/oauth2/authorize?${query}`);
  });

  after(() => browser?.close());

  test("signs up", async () => {
    await picture("hosted-sign-in");
    await page.getByRole("link", { name: "Sign up" }).click();
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await picture("hosted-sign-up");
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByText("We have sent you a code.").waitFor();
  });

  test("corrects a wrong code", async () => {
    await page.getByLabel("Code").fill("wrong");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("Invalid verification code provided").waitFor();
    await picture("hosted-wrong-code");
    await page.getByLabel("Code").fill(await latestCode(email));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("You are confirmed").waitFor();
  });

  test("signs in, and goes back to the app with a code", async () => {
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${CALLBACK}**`);
    const code = new URL(page.url()).searchParams.get("code");
    const body = new URLSearchParams({
      grant_type: "authorization_code",
      client_id: clientId,
      redirect_uri: CALLBACK,
      code,
    });
    const tokens = await (await fetch(`${endpointUrl}/oauth2/token`, { method: "POST", body })).json();
    assert.equal(tokens.token_type, "Bearer");
  });
});

function picture(name) {
  return page.screenshot({ path: `${required("PICTURES")}/${name}.png` });
}
