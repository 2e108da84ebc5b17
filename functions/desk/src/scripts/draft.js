// Keeps unsaved text in this browser, offers it again, and warns before a tab with unsaved text is closed.
// Nothing is sent: each save on the server is a revision for good.
//
// The markup that it expects:
//   form[data-editor][data-draft="<user id>:<post id, or new>:<revision id, or 0>"]
//     data-unsaved       the fields hold what was sent and not saved: they are kept at once
//     fields with names: they are kept, but for hidden ones, passwords and files
//     [data-kept]        gets "Unsaved text is kept in this browser until you sign out"; empty at first
//   forget.js removes what is kept when its account signs out.
//   After a save, the next page has done=… in its query. editor.js also saves without leaving the page: the form then
//   gets the events "saving" and "saved", whose detail has the revision_id and the slug that are saved now.

const PREFIX = "byline-draft:";
const SENT = "byline-draft-sent";
const DAYS_30 = 30 * 24 * 3600 * 1000;

for (const form of document.querySelectorAll("form[data-editor][data-draft]")) keep(form);

function keep(form) {
  let key = PREFIX + form.dataset.draft;
  const post = key.slice(0, key.lastIndexOf(":") + 1);
  const kept = form.querySelector("[data-kept]");
  const say = (text) => kept && (kept.textContent = text);
  const fields = () => [...form.elements].filter((field) =>
    field.name && !field.disabled && /^(?:input|textarea|select)$/i.test(field.tagName)
    && !["hidden", "password", "file", "submit", "button"].includes(field.type));
  const name = (field) => (/^(?:checkbox|radio)$/.test(field.type) ? `${field.name}=${field.value}` : field.name);
  const value = (field) => (/^(?:checkbox|radio)$/.test(field.type) ? field.checked : field.value);
  const values = () => Object.fromEntries(fields().map((field) => [name(field), value(field)]));
  const same = (one, other) => Object.keys(one).every((field) => other[field] === undefined || one[field] === other[field]);

  let unsaved = "unsaved" in form.dataset;
  let first = values();
  let sent = first;
  let sending = false;
  let timer;
  const isSaved = () => !unsaved && same(values(), first);
  tidy();
  if (unsaved) write();
  else offer();

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(write, 500);
  });
  // A tab that the system puts away gets no other event.
  addEventListener("pagehide", () => !sending && write());
  addEventListener("pageshow", () => (sending = false));
  addEventListener("beforeunload", (event) => {
    if (!sending && !isSaved()) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    // A preview opens beside the form and saves nothing.
    if (event.defaultPrevented || event.submitter?.formTarget === "_blank") return;
    write();
    sending = true;
    attempt(() => sessionStorage.setItem(SENT, key));
  });

  form.addEventListener("saving", () => (sent = values()));
  form.addEventListener("saved", (event) => {
    attempt(() => localStorage.removeItem(key));
    const { revision_id, slug } = event.detail;
    form.dataset.draft = form.dataset.draft.replace(/[^:]*$/, revision_id);
    key = PREFIX + form.dataset.draft;
    first = { ...sent, slug };
    unsaved = false;
    write();
  });

  function write() {
    clearTimeout(timer);
    const now = values();
    if (isSaved()) {
      attempt(() => localStorage.removeItem(key));
      return say("");
    }
    const done = attempt(() => {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: now }));
      return true;
    });
    say(done ? "Unsaved text is kept in this browser until you sign out" : "Unsaved text cannot be kept in this browser. Save it soon.");
  }

  // Removes what was saved, and what nobody asked for in 30 days.
  function tidy() {
    attempt(() => {
      const sent = sessionStorage.getItem(SENT);
      // What came back unsaved is kept under another name.
      if (sent && (unsaved || new URLSearchParams(location.search).has("done"))) localStorage.removeItem(sent);
      sessionStorage.removeItem(SENT);
      for (const other of Object.keys(localStorage).filter((other) => other.startsWith(PREFIX))) {
        if (!(read(other)?.at > Date.now() - DAYS_30)) localStorage.removeItem(other);
      }
    });
  }

  // The newest text of this post, also of an older revision: somebody else may have saved meanwhile.
  function offer() {
    const names = attempt(() => Object.keys(localStorage).filter((other) => other.startsWith(post))) ?? [];
    const all = names.map((other) => ({ key: other, ...read(other) })).filter((other) => other.values);
    for (const old of all.filter((other) => same(first, other.values))) attempt(() => localStorage.removeItem(old.key));
    const found = all.filter((other) => !same(first, other.values)).sort((one, other) => other.at - one.at)[0];
    if (!found) return;
    const older = found.key === key ? "" : " The post was saved by somebody else or in another tab since then.";
    const bar = make("div", { className: "note row", role: "status" });
    const text = make("p", { className: "grow" }, `Unsaved text from ${ago(found.at)} is kept in this browser until you sign out.${older}`);
    const restore = make("button", { type: "button", className: "button slim" }, "Restore it");
    const discard = make("button", { type: "button", className: "button slim text" }, "Discard it");
    restore.addEventListener("click", () => {
      for (const field of fields()) {
        const was = found.values[name(field)];
        if (was === undefined) continue;
        if (typeof was === "boolean") field.checked = was;
        // A picture that was being sent then is not any more.
        else field.value = was.replace(/!\[Uploading .*? …\]\(\)/g, "");
      }
      bar.remove();
      form.dispatchEvent(new InputEvent("input", { bubbles: true }));
      for (const field of fields()) field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      form.querySelector("[data-body]")?.focus();
    });
    discard.addEventListener("click", () => {
      attempt(() => localStorage.removeItem(found.key));
      bar.remove();
      form.querySelector("[data-body]")?.focus();
    });
    bar.append(text, restore, discard);
    form.prepend(bar);
  }
}

function read(key) {
  return attempt(() => JSON.parse(localStorage.getItem(key)));
}

// Storage may be full or switched off.
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function ago(time) {
  const minutes = Math.round((Date.now() - time) / 60_000);
  if (minutes < 1) return "a moment ago";
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (minutes < 60) return format.format(-minutes, "minute");
  if (minutes < 24 * 60) return format.format(-Math.round(minutes / 60), "hour");
  return format.format(-Math.round(minutes / 60 / 24), "day");
}

function make(tag, properties, text) {
  const element = Object.assign(document.createElement(tag), properties);
  if (properties.role) element.setAttribute("role", properties.role);
  if (text) element.textContent = text;
  return element;
}
