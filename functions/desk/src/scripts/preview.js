// Shows the text beside the editor as readers will see it, a moment after each change.
// Without scripts, the button opens the same page in a new tab.
//
// The markup that it expects:
//   form[data-editor]
//     button[data-preview-button][formaction="/desk/preview"][formtarget="_blank"][formnovalidate]
//     section.sheet.preview[data-preview="/desk/preview"][hidden] > header > h2
//                                   gets an iframe
//   section#preview   the saved text, on the page that "Save and preview" leads to: hidden while this is shown
//   The path answers POST with the fields of the form by layout::framed.

// As in the style sheet: narrower, the preview would be below the text.
const WIDE = matchMedia("(min-width: 64rem)");
const HIDDEN = "byline-preview-hidden";

for (const form of document.querySelectorAll("form[data-editor]")) {
  const place = form.querySelector("[data-preview]");
  if (place) preview(form, place);
}

function preview(form, place) {
  const button = form.querySelector("[data-preview-button]");
  const title = place.querySelector("h2");
  let timer;
  let number = 0;
  let shown;

  const show = (is) => {
    place.hidden = !is;
    // It is the same text with the same warnings.
    const saved = document.querySelector("section#preview");
    if (saved) saved.hidden = is;
    button?.setAttribute("aria-expanded", String(is));
    if (button) button.textContent = is ? "Hide preview" : "Preview";
    if (is) load();
  };

  // A form that is sent into a new frame leaves nothing in the history, and runs nothing: no script of ours
  // ever holds the HTML. The old frame stays until the new one has loaded, and keeps its place.
  function load() {
    clearTimeout(timer);
    place.querySelector("iframe[data-next]")?.remove();
    const frame = document.createElement("iframe");
    frame.name = `preview-${(number += 1)}`;
    frame.title = "Preview";
    frame.setAttribute("sandbox", "allow-same-origin");
    frame.dataset.next = "";
    const copy = document.createElement("form");
    copy.method = "post";
    copy.action = place.dataset.preview;
    copy.target = frame.name;
    copy.hidden = true;
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string") continue;
      const field = document.createElement("textarea");
      field.name = name;
      // Without the places of pictures that are being sent.
      field.value = value.replace(/!\[Uploading .*? …\]\(\)/g, "");
      copy.append(field);
    }
    place.append(frame);
    frame.addEventListener("load", () => {
      const failed = !frame.contentDocument;
      title.textContent = failed ? "Preview (not up to date: no answer)" : "Preview";
      // The browser's own page stays hidden; the text before it is still there.
      if (failed || frame.contentDocument.URL === "about:blank" || !("next" in frame.dataset)) return;
      const height = shown?.contentWindow?.scrollY ?? 0;
      shown?.remove();
      delete frame.dataset.next;
      frame.contentWindow?.scrollTo(0, height);
      shown = frame;
    });
    document.body.append(copy);
    copy.submit();
    copy.remove();
  }

  button?.addEventListener("click", (event) => {
    event.preventDefault();
    show(place.hidden);
    if (!place.hidden && !WIDE.matches) place.scrollIntoView({ block: "start" });
    remember(place.hidden);
  });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (!place.hidden) timer = setTimeout(load, 400);
  });
  if (WIDE.matches && !remembered()) show(true);
  else show(false);
}

function remember(is) {
  try {
    is ? localStorage.setItem(HIDDEN, "1") : localStorage.removeItem(HIDDEN);
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
}

function remembered() {
  try {
    return localStorage.getItem(HIDDEN) === "1";
  } catch {
    return false;
  }
}
