// Search over the operations, and forms that send requests to this server. The page is complete
// without this script.

const byId = (id) => document.getElementById(id);
const operations = [...document.querySelectorAll(".operation")];
const lower = (element) => element.textContent.toLowerCase();
// What is searched: title, path, description and fields, but not the answers.
const texts = new Map(operations.map((operation) => {
  const parts = operation.querySelectorAll(":scope > summary, :scope > p, :scope > ul, :scope > dl.fields");
  return [operation, `${operation.id} ${[...parts].map(lower).join(" ")}`];
}));
const found = byId("found");
const search = byId("search");
const token = byId("token");

document.querySelector(".tools").hidden = false;
for (const form of document.querySelectorAll(".send")) form.hidden = false;

const searched = () => search.value.toLowerCase().split(/\s+/).filter(Boolean);

// Shows the operations in which every word occurs.
function filter() {
  const words = searched();
  const matches = operations.filter((operation) => {
    operation.hidden = !words.every((word) => texts.get(operation).includes(word));
    const entry = document.querySelector(`[data-operation="${operation.id}"]`);
    entry.hidden = operation.hidden;
    return !operation.hidden;
  });
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = !group.querySelector(".operation:not([hidden])");
  }
  for (const contents of document.querySelectorAll(".contents")) {
    contents.hidden = !contents.querySelector("li:not([hidden])");
    contents.open = words.length > 0;
  }
  // Only operations are searched.
  for (const other of ["intro", "schemas", "problems"]) byId(other).hidden = words.length > 0;
  if (words.length === 0) found.textContent = "";
  else if (matches.length === 0) found.textContent = "Nothing found. Try other or fewer words.";
  else found.textContent = `${matches.length} of ${operations.length} operations`;
  return matches;
}

search.addEventListener("input", filter);
search.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  // The operation with the most words in its title and path.
  const score = (operation) => searched().filter((word) => lower(operation.firstElementChild).includes(word)).length;
  const [best] = filter().sort((a, b) => score(b) - score(a));
  if (best) location.hash = best.id;
});
document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());

// A part of a URL, decoded; as it is where an escape is malformed.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// A link to an operation or schema opens it.
function open() {
  const target = location.hash && byId(decoded(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden || target.closest("[hidden]")) {
    search.value = "";
    filter();
  }
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", open);
open();

for (const command of document.querySelectorAll(".curl")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command.textContent);
    button.textContent = "Copied";
  });
  command.after(button);
}

// The request that a form describes.
function requestOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = new Headers();
  for (const input of form.querySelectorAll("[data-place]")) {
    if (input.value === "") continue;
    if (input.dataset.place === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.dataset.place === "query") query.append(input.name, input.value);
    else headers.set(input.name, input.value);
  }
  const body = form.querySelector("textarea");
  if (body) headers.set("Content-Type", body.dataset.media);
  if (token.value.trim()) headers.set("Authorization", `Bearer ${token.value.trim()}`);
  const url = query.size > 0 ? `${path}?${query}` : path;
  return { url, options: { method: form.dataset.method, headers, body: body?.value, credentials: "omit" } };
}

function paragraph(text, kind) {
  const element = document.createElement("p");
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(form) {
  const answer = form.querySelector(".answer");
  const start = performance.now();
  try {
    // A token or header with characters that HTTP cannot carry throws here.
    const { url, options } = requestOf(form);
    const response = await fetch(url, options);
    const text = await response.text();
    const took = Math.round(performance.now() - start);
    const status = paragraph(`${response.status} ${response.statusText} in ${took} ms`, response.ok ? "" : "bad");
    answer.replaceChildren(paragraph(`${options.method} ${url}`), status);
    const headers = ["etag", "location", "retry-after", "www-authenticate", "x-request-id"];
    const lines = headers.filter((name) => response.headers.has(name));
    if (text) {
      const block = document.createElement("pre");
      block.tabIndex = 0;
      block.textContent = pretty(text);
      answer.append(block);
    }
    answer.append(paragraph(lines.map((name) => `${name}: ${response.headers.get(name)}`).join(" · "), "hint"));
  } catch (error) {
    answer.replaceChildren(paragraph(`No answer: ${error.message}`, "bad"));
  }
}

for (const form of document.querySelectorAll(".send")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button:not([type])");
    button.disabled = true;
    await send(form);
    button.disabled = false;
  });
}
