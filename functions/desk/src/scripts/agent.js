// Shows the answer of the agent as it grows, and sends messages and the stop without leaving the page.
// Without scripts, the answer comes whole, and the page has to be loaded again.
//
// The markup that it expects:
//   form[data-ask]           sends a message: textarea[name=message], input[name=once], [data-fault], which gets why it
//                            was not sent, and [data-say][role=status], which gets how far the agent is
//   [data-turn="<id of the last turn, or empty>"][aria-busy]
//                            an element with what was said and done in it, and form#running while the agent works,
//                            in which [data-plain] is for pages without scripts. The path of the page and /latest
//                            answers the same as it is then, and a fresh input[name=once]. Without it, a conversation
//                            begins with the message
//   The forms are sent with `Accept: application/json`. The answer is { "href" } or { "detail" }.

const BROKEN = "The server did not answer. Look whether your message is there before you send it again.";
const form = document.querySelector("form[data-ask]");
const field = form?.elements.message;
const first = document.querySelector("[data-turn]");
let turn = first;
let timer;
let failed = 0;
let sending = false;
let answered = false;
let stopping = false;

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sending) return;
  if (first) ask();
  else begin();
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "running") return;
  event.preventDefault();
  if (stopping) return;
  stopping = true;
  say("Stopping …");
  send(event.target, "stop").catch((why) => {
    stopping = false;
    fault(why);
  }).then(look);
});

// What is true without scripts alone.
say("");
if (turn && turn.ariaBusy === "true") {
  for (const plain of turn.querySelectorAll("[data-plain]")) plain.remove();
  say("The agent is answering …");
  later();
}

// Sends the message. It is taken when its turn is there; until then it stays in the field.
function ask() {
  hold(true);
  say("Sending …");
  answered = false;
  later(0.5);
  send(form, "ask").then(() => {
    answered = true;
    look();
  }, (why) => {
    // Once it is taken, the page says what becomes of it.
    if (!sending) return;
    hold(false);
    fault(why);
  });
}

// A conversation begins: its page shows the answer.
async function begin() {
  hold(true);
  say("Sending …");
  let why;
  let led;
  send(form, "ask").then(({ href }) => (led = href), (fault) => (why = fault));
  while (!led && !why) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Whatever happens to this question, the answer to the message comes.
    led ||= (await send(form, "begun").catch(() => ({}))).href;
  }
  if (led) return location.assign(led);
  hold(false);
  fault(why);
}

async function send(what, action) {
  const data = new URLSearchParams(new FormData(what));
  data.set("action", action);
  let answer;
  try {
    answer = await fetch(what.getAttribute("action"), { method: "POST", body: data, headers: { accept: "application/json" } });
  } catch {
    throw BROKEN;
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  throw told.detail ?? "Something went wrong on our side. Try again in a moment.";
}

// Until it is known what becomes of the message, it cannot be changed.
function hold(is) {
  sending = is;
  field.readOnly = is;
  if (is) fault("");
}

function fault(why) {
  const place = form?.querySelector("[data-fault]");
  if (!place) return;
  place.hidden = !why;
  place.textContent = why;
  if (why) say("");
}

function say(text) {
  const place = document.querySelector("[data-say]");
  if (place && place.textContent !== text) place.textContent = text;
}

function later(seconds = 1) {
  clearTimeout(timer);
  timer = setTimeout(look, 1000 * seconds);
}

// Asks how far it is. The policy of the page lets no script make a document of a string.
function look() {
  clearTimeout(timer);
  const path = `${location.pathname}/latest`;
  const request = new XMLHttpRequest();
  request.open("GET", path);
  request.responseType = "document";
  // What else fails may be no page, and a browser tells faults of XML with a style that the policy refuses.
  request.overrideMimeType("text/html");
  request.onloadend = () => {
    const now = request.response?.querySelector("[data-turn]");
    if (request.status === 200 && now && new URL(request.responseURL).pathname === path) return show(now, request.response);
    if (request.status === 200) return say("You are signed out. Sign in in another tab, and load this page again.");
    if (request.status === 404) return say("This conversation was deleted.");
    failed += 1;
    const seconds = Math.max(request.getResponseHeader("retry-after") ?? 0, Math.min(2 ** failed, 30));
    say(`Not up to date: the server does not answer. It is asked again in ${seconds} seconds.`);
    later(seconds);
  };
  request.send();
}

function show(now, fresh) {
  failed = 0;
  const isNew = now.dataset.turn !== turn.dataset.turn;
  const isBusy = now.ariaBusy === "true";
  const wasBusy = turn.ariaBusy === "true";
  const focused = document.activeElement;
  // Who writes keeps the field where it is; the text grows upwards.
  const held = form?.contains(focused) ? form.getBoundingClientRect().top : undefined;
  if (isNew) {
    document.getElementById("latest")?.removeAttribute("id");
    turn.after(now);
    turn = now;
  } else if (wasBusy) {
    morph(turn, now);
    turn.ariaBusy = now.ariaBusy;
  }
  if (sending && (isNew || answered)) taken(fresh);
  if (!focused.isConnected) field?.focus({ preventScroll: true });
  if (held !== undefined) scrollBy(0, form.getBoundingClientRect().top - held);
  stopping &&= isBusy;
  if (stopping) say("Stopping …");
  else if (isBusy) say(doing() ?? "The agent is answering …");
  else if (isNew || wasBusy) {
    // That it is answering is no fault any more.
    fault("");
    say(turn.querySelector(".end .note")?.textContent ?? "The agent has answered.");
  }
  if (isBusy || sending) later();
}

// The message is in the conversation.
function taken(fresh) {
  hold(false);
  field.value = "";
  form.elements.once.value = fresh.querySelector("input[name=once]").value;
}

// The tool that works, in words.
function doing() {
  const said = turn.querySelectorAll(".said:not(.mine)");
  const last = said[said.length - 1]?.lastElementChild;
  return last?.matches(".did") ? last.lastElementChild.textContent : undefined;
}

// Makes what stands there the same as what it is to be, and leaves alone what is the same already: what is read,
// selected or has the focus stays.
function morph(old, now) {
  const is = [...old.childNodes];
  const next = [...now.childNodes];
  next.forEach((node, at) => {
    const was = is[at];
    if (!was) old.append(node);
    else if (was.isEqualNode(node)) return;
    else if (was.nodeType === Node.ELEMENT_NODE && was.cloneNode().isEqualNode(node.cloneNode())) morph(was, node);
    else was.replaceWith(node);
  });
  for (const node of is.slice(next.length)) node.remove();
}
