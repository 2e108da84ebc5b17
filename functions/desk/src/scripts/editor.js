// Makes writing quicker: a toolbar, keys, lists that go on, a word count, pictures by paste and drop.
// Nothing needs it: without scripts the text field is a text field, and the toolbar stays hidden.
//
// The markup that it expects:
//   form[data-editor]                    data-upload="<path>": upload.js, loaded before, sends pictures; without it
//                                        they are not taken
//     div[data-tools][hidden]            parts::toolbar(): buttons with data-do
//     textarea[data-body]                the text, in Markdown
//     [data-count]                       gets "1,240 words"; empty at first
//     [data-say][role=status]            gets what there is to say; empty at first
//     button[data-save]                  what Ctrl+S does without leaving the page
//     input[name=revision_id]            gets the revision that was saved; so does a[data-latest] in its query, and
//                                        every input[name=version] of the page the post's version
//     input[name=slug]                   gets the slug that was saved, unless it was changed meanwhile
//   [data-fresh]                         what the page says of the saved text: after a save, each is replaced by that of
//                                        the page as it is then. Every page has as many, in the same order
//   .notice                              goes with the next save
//
// Ctrl+S sends the form with `Accept: application/json`. The answer to a save is { "revision_id", "version", "slug",
// "said" }. With any other answer, the form is sent as the button does it, and the next page says why. The form gets
// the events "saving" and "saved".

for (const form of document.querySelectorAll("form[data-editor]")) edit(form);

function edit(form) {
  const body = form.querySelector("textarea[data-body]");
  const tools = form.querySelector("[data-tools]");
  const count = form.querySelector("[data-count]");
  const say = (text) => {
    const place = form.querySelector("[data-say]");
    if (place) place.textContent = text;
  };
  if (!body) return;

  // The browser's own way to insert keeps what was typed before on the undo stack; setting the value does not.
  const replace = (from, to, text) => {
    body.focus({ preventScroll: true });
    body.setSelectionRange(from, to);
    const done = text === ""
      ? from === to || document.execCommand("delete")
      : document.execCommand("insertText", false, text);
    if (done) return;
    body.setRangeText(text, from, to, "end");
    body.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const select = (from, to) => body.setSelectionRange(from, to);

  // The selected lines, as a whole.
  const lines = () => {
    const from = body.value.lastIndexOf("\n", body.selectionStart - 1) + 1;
    const end = body.value.indexOf("\n", Math.max(body.selectionEnd - (body.selectionEnd > from ? 1 : 0), from));
    const to = end < 0 ? body.value.length : end;
    return { from, to, list: body.value.slice(from, to).split("\n") };
  };
  const setLines = ({ from, to }, list) => {
    const text = list.join("\n");
    replace(from, to, text);
    if (list.length > 1) select(from, from + text.length);
  };

  // Puts a mark around the selection, or takes it away.
  const wrap = (mark, sample) => {
    const { selectionStart: from, selectionEnd: to, value } = body;
    const text = value.slice(from, to);
    const outside = value.slice(from - mark.length, from) === mark && value.slice(to, to + mark.length) === mark
      // The marks of bold are not two of italic.
      && !(mark === "*" && value.slice(from - 2, from) === "**" && value.slice(from - 3, from) !== "***");
    if (from >= mark.length && outside) {
      replace(from - mark.length, to + mark.length, text);
      select(from - mark.length, to - mark.length);
      return;
    }
    const inner = text || sample;
    replace(from, to, mark + inner + mark);
    select(from + mark.length, from + mark.length + inner.length);
  };

  // Begins lines with a mark, or takes it away where all have it.
  const begin = (known, mark) => {
    const place = lines();
    const all = place.list.every((line) => known.test(line));
    setLines(place, place.list.map((line, number) => {
      const bare = line.replace(/^(\s*)(?:[-*+]|\d{1,9}[.)]|>)\s/, all || !/^\s*>/.test(line) ? "$1" : "$&");
      return all ? line.replace(known, "") : mark(number) + (mark(0) === "> " ? line : bare);
    }));
  };

  const isAddress = (text) => /^https?:\/\/\S+$/i.test(text);
  const link = (address) => {
    const { selectionStart: from, selectionEnd: to, value } = body;
    const text = value.slice(from, to);
    if (!address && isAddress(text)) {
      replace(from, to, `[](${text})`);
      select(from + 1, from + 1);
      return;
    }
    const target = address ?? "https://";
    replace(from, to, `[${text}](${target})`);
    const at = from + text.length + 3;
    if (!address) text ? select(at, at + target.length) : select(from + 1, from + 1);
  };

  const deeds = {
    bold: () => wrap("**", "bold"),
    italic: () => wrap("*", "italic"),
    heading: () => {
      const place = lines();
      setLines(place, place.list.map((line) => {
        const [, marks, text] = /^(#{0,6})\s*(.*)$/.exec(line);
        return (marks === "" ? "## " : marks === "##" ? "### " : "") + text;
      }));
    },
    link: () => link(),
    quote: () => begin(/^>\s?/, () => "> "),
    list: () => begin(/^[-*+]\s/, () => "- "),
    numbers: () => begin(/^\d{1,9}[.)]\s/, (number) => `${number + 1}. `),
    code: () => {
      const text = body.value.slice(body.selectionStart, body.selectionEnd);
      if (!text.includes("\n")) return wrap("`", "code");
      const place = lines();
      setLines(place, ["```", ...place.list, "```"]);
    },
    picture: () => {
      if (!form.dataset.upload) return replace(body.selectionStart, body.selectionEnd, "![](https://)");
      const field = document.createElement("input");
      field.type = "file";
      // Named one by one, so that phones convert what they take in a format of their own.
      field.accept = "image/jpeg,image/png,image/gif,image/webp,image/avif";
      field.multiple = true;
      field.addEventListener("change", () => send(field.files));
      field.click();
    },
  };

  // The toolbar is one stop of the Tab key; arrows move within it.
  if (tools) {
    const buttons = [...tools.querySelectorAll("button[data-do]")];
    const enter = (button) => buttons.forEach((other) => (other.tabIndex = other === button ? 0 : -1));
    tools.hidden = false;
    enter(buttons[0]);
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-do]");
      if (!button) return;
      enter(button);
      deeds[button.dataset.do]?.();
    });
    tools.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement);
      const last = buttons.length - 1;
      const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      enter(buttons[to]);
      buttons[to].focus();
    });
  }

  let shift = false;
  body.addEventListener("keydown", (event) => (shift = event.shiftKey));
  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) return;
    const save = form.querySelector("button[data-save]");
    const key = event.key.toLowerCase();
    const deed = event.target === body && { b: deeds.bold, i: deeds.italic, k: deeds.link }[key];
    if (key === "s" && save) store(save);
    else if (deed) deed();
    else return;
    event.preventDefault();
  });

  // A title is one line: Enter leads to the text.
  form.elements.title?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    body.focus();
  });

  // Saves, and leaves the caret, the place and what is typed meanwhile as they are.
  let storing = false;
  async function store(button) {
    if (storing || !form.reportValidity()) return;
    storing = true;
    say("Saving …");
    form.dispatchEvent(new Event("saving"));
    try {
      const data = new URLSearchParams(new FormData(form, button));
      const { slug } = form.elements;
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, headers: { accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const told = await answer.json();
      form.elements.revision_id.value = told.revision_id;
      // The slug of a draft follows its title.
      if (slug.value === data.get("slug")) slug.value = told.slug;
      for (const field of document.querySelectorAll("input[name=version]")) field.value = told.version;
      for (const link of document.querySelectorAll("a[data-latest]")) {
        link.href = link.href.replace(/revision=[^&#]*/, `revision=${told.revision_id}`);
      }
      form.dispatchEvent(new CustomEvent("saved", { detail: told }));
      document.querySelector(".notice")?.remove();
      history.replaceState(null, "", form.getAttribute("action"));
      say(await renew() ? told.said : `${told.said} Load the page again to see its status.`);
    } catch (fault) {
      // Without an answer, the page stays: the next one would be the browser's own.
      if (fault instanceof TypeError) return say("Not saved: the server did not answer. Try again.");
      say("");
      form.requestSubmit(button);
    } finally {
      storing = false;
    }
  }

  // Says anew what is true of the text. The policy of the page lets no script make a document of a string.
  const renew = () => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("GET", form.getAttribute("action"));
    request.responseType = "document";
    request.onloadend = () => {
      const fresh = request.response?.querySelectorAll("[data-fresh]") ?? [];
      document.querySelectorAll("[data-fresh]").forEach((old, at) => {
        const now = fresh[at];
        // Somebody may be writing a note.
        if (old.querySelector("details[open]")) now?.querySelector("details")?.setAttribute("open", "");
        if (!now || old.isEqualNode(now)) return;
        const had = old.contains(document.activeElement);
        old.replaceWith(now);
        if (had) body.focus({ preventScroll: true });
      });
      done(fresh.length > 0);
    };
    request.send();
  });

  // A new line of a list begins as the one before; an empty one ends the list. Shift+Enter only breaks the line.
  body.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertLineBreak" && event.inputType !== "insertParagraph") return;
    const { selectionStart: at, selectionEnd: end, value } = body;
    const from = value.lastIndexOf("\n", at - 1) + 1;
    const line = value.slice(from, at);
    const found = /^(\s*(?:>\s?)*)([-*+]|\d{1,9}[.)])(\s+)(\[[ xX]\]\s+)?|^(\s*(?:>\s?)+)/.exec(line);
    if (shift || at !== end || !found || isCode(value.slice(0, from))) return;
    event.preventDefault();
    if (found[0].length === line.length) {
      if (value.slice(at).split("\n", 1)[0].trim()) replace(at, at, "\n");
      else replace(from, at, "");
      return;
    }
    const [all, before, mark, space, box, quote] = found;
    const next = mark && /\d/.test(mark) ? `${parseInt(mark, 10) + 1}${mark.at(-1)}` : mark;
    replace(at, at, "\n" + (quote ?? before + next + space + (box ? "[ ] " : "")));
  });
  const isCode = (before) => (before.match(/^\s*(?:```|~~~)/gm) ?? []).length % 2 === 1;

  // An address that is pasted over words becomes a link on them.
  body.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    const text = event.clipboardData.getData("text/plain").trim();
    const chosen = body.value.slice(body.selectionStart, body.selectionEnd);
    if (pictures(files).length && !text && form.dataset.upload) send(files);
    else if (chosen && isAddress(text) && !isAddress(chosen) && !chosen.includes("\n")) link(text);
    else return;
    event.preventDefault();
  });
  const over = (is) => (is ? (body.dataset.over = "") : delete body.dataset.over);
  body.addEventListener("dragover", (event) => {
    if (!form.dataset.upload || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  body.addEventListener("dragleave", () => over(false));
  body.addEventListener("drop", (event) => {
    over(false);
    if (!form.dataset.upload || !event.dataTransfer.files.length) return;
    event.preventDefault();
    send(event.dataTransfer.files);
  });

  const pictures = (files) => [...files].filter((file) => file.type.startsWith("image/"));

  // Each picture has a placeholder in the text until it is there.
  function send(files) {
    const all = pictures(files);
    if (all.length < files.length) say("Only pictures can be put into the text this way.");
    all.forEach((file, number) => {
      let name = file.name.replace(/[[\]\n]/g, " ");
      let mark;
      const begin = () => {
        do mark = `![Uploading ${name} …]()`;
        while (body.value.includes(mark) && (name += "'"));
        let { selectionStart: at, selectionEnd: to, value } = body;
        // Behind the picture whose description the caret is in.
        const around = [...value.matchAll(/!\[[^\]\n]*\]\([^)\s]*\)/g)].find(({ index, 0: it }) => index < at && at < index + it.length);
        if (around) at = to = around.index + around[0].length;
        replace(at, to, ((around || number) && value.slice(0, at).trim() ? "\n\n" : "") + mark);
        say(`Uploading ${file.name} …`);
      };
      const end = (markdown) => {
        const is = put(mark, markdown ?? "");
        if (markdown) say(`${file.name} is in the ${is ? "text. Describe it between the brackets" : "library. Its place in the text is gone"}.`);
      };
      form.dispatchEvent(new CustomEvent("upload", { detail: { file, begin, end } }));
    });
  }

  // Puts the picture where its placeholder is, and leaves the caret where somebody is typing.
  function put(mark, text) {
    const at = body.value.indexOf(mark);
    if (at < 0) return false;
    const { selectionStart: from, selectionEnd: to } = body;
    replace(at, at + mark.length, text);
    const moved = (place) => (place > at ? Math.max(at, place + text.length - mark.length) : place);
    if (from === at + mark.length && text) select(at + 2, at + 2);
    else select(moved(from), moved(to));
    return true;
  }

  let timer;
  const tell = () => {
    // Nobody reads addresses, or sees what describes a picture.
    const read = body.value.replace(/(!\[[^\]\n]*)?\]\([^)\n]*\)/g, "");
    const words = (read.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]*/gu) ?? []).length;
    if (count) count.textContent = `${words.toLocaleString("en")} ${words === 1 ? "word" : "words"}`;
  };
  body.addEventListener("input", () => {
    say("");
    clearTimeout(timer);
    timer = setTimeout(tell, 300);
  });
  tell();
}
