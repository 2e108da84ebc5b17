// Keys for those who decide a lot: j and k go through a list, single keys go to the buttons of a review, ? shows
// them. They are off in fields, and can be switched off (WCAG 2.1.4). No key decides: it puts the focus on the
// button, and Enter presses it.
//
// The markup that it expects, each optional:
//   [data-queue] [data-queue-item]      the rows of a list, each with a link .main-link
//   a[data-key="u"], button[data-key="a"], summary[data-key="r"]
//                                       a link is followed, a button gets the focus, a summary is opened and
//                                       its first field gets the focus. data-key-label="Send back": what ? says,
//                                       the element's own words if left out.

const OFF = "byline-keys-off";
const items = [...document.querySelectorAll("[data-queue] [data-queue-item]")];
const targets = () => [...document.querySelectorAll("[data-key]")];
let dialog;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
  const place = event.target;
  if (place.closest("input, textarea, select, [contenteditable], dialog, [popover]:popover-open")) return;
  if (event.key === "?") {
    event.preventDefault();
    return help();
  }
  if (isOff()) return;
  const target = targets().find((element) => element.dataset.key === event.key && !element.closest("[hidden]"));
  if (target) go(target);
  else if (items.length && (event.key === "j" || event.key === "k")) step(event.key === "j" ? 1 : -1);
  else return;
  event.preventDefault();
});

function step(by) {
  const at = items.findIndex((item) => "current" in item.dataset);
  const to = Math.min(Math.max(at + by, 0), items.length - 1);
  items[at]?.removeAttribute("data-current");
  items[to].dataset.current = "";
  items[to].querySelector(".main-link")?.focus({ preventScroll: true });
  items[to].scrollIntoView({ block: "nearest" });
}

// The row with the focus is the one that j and k go on from.
for (const item of items) {
  item.addEventListener("focusin", () => {
    items.forEach((other) => other.removeAttribute("data-current"));
    item.dataset.current = "";
  });
}

function go(target) {
  if (target.localName === "a") return target.click();
  const details = target.closest("details");
  if (target.localName === "summary" && details) {
    details.open = true;
    target = details.querySelector("textarea, input:not([type=hidden]), select, button") ?? target;
  }
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}

function help() {
  dialog?.remove();
  dialog = make("dialog", "keys");
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = make("h2", "", "Keys");
  title.id = "keys-title";
  const list = document.createElement("dl");
  const row = (keys, text) => {
    const term = document.createElement("dt");
    keys.forEach((key) => term.append(make("kbd", "", key), " "));
    list.append(term, make("dd", "", text));
  };
  if (items.length) row(["j", "k"], "Next, previous");
  for (const target of targets()) {
    row([target.dataset.key], target.dataset.keyLabel ?? target.textContent.trim());
  }
  row(["?"], "These keys");
  const label = make("label", "tick");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !isOff();
  box.addEventListener("change", () => attempt(() => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"))));
  label.append(box, make("span", "", "Use these keys in this browser"));
  const close = make("button", "button", "Close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, label, close);
  document.body.append(dialog);
  dialog.showModal();
}

function isOff() {
  return attempt(() => localStorage.getItem(OFF) === "1") ?? false;
}

// Storage may be switched off.
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function make(tag, name, text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
