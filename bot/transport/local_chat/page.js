"use strict";
const talk = document.getElementById("talk");
const form = document.getElementById("form");
const field = document.getElementById("text");
const busy = document.querySelector("#busy span");
const words = document.body.dataset;
const identifier = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const role = new URLSearchParams(location.search).get("as") ?? undefined;
const conversation = role === "svetovalec" ? "svetovalci" : identifier();
const shown = new Map();
let queue = Promise.resolve();

const colour = (name) => ({ default: `var(--${name})`, subtle: "var(--soft)" });
const style = () => ({ backgroundColor: "transparent", foregroundColors: Object.fromEntries(
  [["default", "ink"], ["dark", "ink"], ["light", "soft"], ["accent", "accent"], ["good", "good"], ["warning", "warning"], ["attention", "attention"]]
    .map(([name, value]) => [name, colour(value)])) });
const look = {
  fontFamily: "inherit", supportsInteractivity: true,
  fontSizes: { small: 14, default: 16, medium: 17, large: 19, extraLarge: 22 },
  containerStyles: { default: style(), emphasis: style(), accent: style(), good: style(), warning: style(), attention: style() },
  spacing: { small: 4, default: 8, medium: 12, large: 20, extraLarge: 28, padding: 4 },
  textBlock: { headingLevel: 2 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  actions: { maxActions: 6, actionsOrientation: "vertical", actionAlignment: "stretch", buttonSpacing: 8 },
};

function add(mine, className) {
  const item = document.createElement("article");
  item.className = className;
  item.setAttribute("aria-label", mine ? words.you : words.bot);
  talk.append(item);
  return item;
}

function fill(item, reply) {
  item.replaceChildren();
  if (!reply.card || typeof AdaptiveCards === "undefined") {
    item.classList.add("plain");
    item.textContent = reply.text || reply.card?.fallbackText || "";
    return;
  }
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(look);
  card.onExecuteAction = (action) => pressed(action, reply.id, item);
  card.parse(reply.card);
  const element = card.render();
  if (element) item.append(element);
}

function pressed(action, id, item) {
  if (action instanceof AdaptiveCards.OpenUrlAction) {
    if (/^https?:/.test(action.url)) window.open(action.url, "_blank", "noopener");
    return;
  }
  const kind = action instanceof AdaptiveCards.ExecuteAction ? "execute" : "submit";
  if (action.title) add(true, "mine").textContent = action.title;
  send({ kind, data: action.data ?? {}, replyTo: id }, item);
}

function show(answer, item) {
  const invoke = answer.invoke;
  if (invoke?.type === "application/vnd.microsoft.card.adaptive" && item) {
    fill(item, { id: item.dataset.id, card: invoke.value });
    item.tabIndex = -1;
    item.focus();
  }
  for (const reply of answer.replies) {
    const target = (reply.replaces && shown.get(reply.id)) || add(false, "");
    target.dataset.id = reply.id;
    shown.set(reply.id, target);
    fill(target, reply);
  }
  reveal(talk.lastElementChild);
}

/* From its beginning; with the question above it when that leaves room for the answer. */
function reveal(reply) {
  const asked = reply?.previousElementSibling;
  const both = asked?.matches(".mine") && asked.offsetHeight < talk.clientHeight / 3;
  (both ? asked : reply)?.scrollIntoView({ block: "start" });
}

function trouble(sentence) {
  const item = add(false, "plain trouble");
  item.textContent = sentence;
  item.scrollIntoView({ block: "end" });
}

function send(said, item) {
  queue = queue.then(async () => {
    busy.hidden = false;
    try {
      const response = await fetch("/local/turn", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...said, as: role, id: identifier(), conversation, locale: document.documentElement.lang }),
      });
      if (response.ok) show(await response.json(), item);
      else trouble(response.status < 500 ? words.refused : words.lost);
    } catch {
      trouble(words.lost);
    } finally {
      busy.hidden = true;
    }
  });
}

/* What the bot sends unasked: a reminder, an adviser's answer. */
let fetched = 0;
async function mail() {
  try {
    const response = await fetch(`/local/mail?conversation=${conversation}&after=${fetched}`);
    if (response.ok) {
      const answer = await response.json();
      fetched = answer.number;
      if (answer.replies.length) show(answer);
    }
  } catch { /* the bot is away: the next look will tell */ }
}
setInterval(mail, 3000);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value;
  if (!text.trim()) return field.focus();
  add(true, "mine").textContent = text.trim();
  talk.lastElementChild.scrollIntoView({ block: "end" });
  field.value = "";
  send({ kind: "text", text });
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
if (typeof AdaptiveCards !== "undefined") {
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown(text);
    result.didProcess = true;
  };
}
send({ kind: "start" });
field.focus();
