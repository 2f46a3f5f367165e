// examples/react in a browser: what its user clicks, from sign-up to sign-out.

import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { chromium } from "playwright-core";

import { PASSWORD, latestCode, newEmail, required } from "./cloud.mjs";

const ARGUMENTS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];
const HERE = new Set(["localhost", "127.0.0.1"]);

const email = newEmail();
const elsewhere = [];
const failures = [];
let browser;
let page;

suite("examples/react", () => {
  before(async () => {
    browser = await chromium.launchPersistentContext(required("BROWSER_PROFILE"), {
      executablePath: required("CHROMIUM"),
      headless: true,
      chromiumSandbox: false,
      args: ARGUMENTS,
      viewport: { width: 900, height: 700 },
    });
    browser.setDefaultTimeout(10_000);
    page = browser.pages()[0] ?? (await browser.newPage());
    page.on("pageerror", (error) => failures.push(error));
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith("http") && !HERE.has(hostname)) elsewhere.push(request.url());
    });
    await page.goto(required("PAGE_URL"));
  });

  after(() => browser?.close());

  test("signs up", async () => {
    await page.getByRole("tab", { name: "Create Account" }).click();
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Confirm Password").fill(PASSWORD);
    await page.getByLabel("Name").fill("Ada Lovelace");
    await picture("sign-up");
    await page.getByRole("button", { name: "Create Account" }).click();
    await page.getByLabel("Confirmation Code").waitFor();
  });

  test("confirms with the code from the inbox, and is signed in", async () => {
    await page.getByLabel("Confirmation Code").fill(await latestCode(email));
    await picture("code");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("heading", { name: "Ada Lovelace" }).waitFor();
    assert.equal(await page.getByText(email).count(), 1);
    await picture("profile");
  });

  test("edits the name, which is there after a reload", async () => {
    await page.getByLabel("Name").fill("Countess of Lovelace");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Countess of Lovelace" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Countess of Lovelace" }).waitFor();
    await picture("edited");
  });

  test("shows what the API refuses", async () => {
    await page.getByLabel("Name").fill("   ");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").waitFor();
    await picture("refused");
  });

  test("signs out", async () => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("tab", { name: "Sign In" }).waitFor();
  });

  test("is refused with a wrong password", async () => {
    await signIn("Wrong-horse-1");
    await page.getByText("Incorrect username or password.").waitFor();
    await picture("wrong-password");
  });

  test("signs in again", async () => {
    await signIn(PASSWORD);
    await page.getByRole("heading", { name: "Countess of Lovelace" }).waitFor();
  });

  test("has asked nobody but this machine, and nothing failed unseen", () => {
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(failures, []);
  });
});

async function signIn(password) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

function picture(name) {
  return page.screenshot({ path: `${required("PICTURES")}/${name}.png` });
}
