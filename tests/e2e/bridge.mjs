// Playwright for the tests: one JSON line in names a page, a method of it and its arguments; one line out has what came of it.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const PATIENCE = 30_000;
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
];

const browser = await chromium.launch({ executablePath: process.argv[2], args: QUIET });
const pages = new Map();

/** A page that remembers what went wrong on it and whom it asked for what. */
function watched(page) {
  const seen = { problems: [], requests: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => seen.problems.push(`exception: ${error.stack}`));
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("dialog", (dialog) => {
    seen.problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  pages.set(String(pages.size), { page, seen });
  return String(pages.size - 1);
}

async function open(options) {
  const context = await browser.newContext({ locale: "sl-SI", serviceWorkers: "block", ...options });
  context.setDefaultTimeout(PATIENCE);
  return watched(await context.newPage());
}

/** Functions come as {"js": source}; they run in the page. */
const revive = (value) => (value?.js ? new Function(`return (${value.js})`)() : value);

async function run({ page: name, method, args }) {
  if (method === "open") return open(args[0]);
  const { page, seen } = pages.get(name);
  if (method === "seen") return seen;
  if (method === "another") return watched(await page.context().newPage());
  if (method === "end") return page.context().close();
  const owner = method.startsWith("keyboard.") ? page.keyboard : page;
  const result = await owner[method.replace("keyboard.", "")](...args.map(revive));
  return ["string", "number", "boolean"].includes(typeof result) || method === "evaluate" ? result : null;
}

process.stdout.write(`${JSON.stringify({ result: browser.version() })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { result: (await run(JSON.parse(line))) ?? null };
  } catch (error) {
    answer = { error: error.stack ?? String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
