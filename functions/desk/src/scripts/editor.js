// Makes writing quicker: a toolbar, keys, lists that go on, a word count, pictures by paste and drop.
// Nothing needs it: without scripts the text field is a text field, and the toolbar stays hidden.
//
// The markup that it expects:
//   form[data-editor]                    data-upload="<path>": where pictures are sent to; without it they are not
//                                        taken. data-upload-max="<bytes>": the largest file, 4 MB if left out.
//     input[name=form_token], input[name=once]
//     div[data-tools][hidden]            parts::toolbar(): buttons with data-do
//     textarea[data-body]                the text, in Markdown
//     [data-count]                       gets "1,240 words"; empty at first
//     [data-say][role=status]            gets what there is to say; empty at first
//     button[data-save]                  what Ctrl+S does without leaving the page
//     input[name=revision_id]            gets the revision that was saved; so does a[data-latest] in its query, and
//                                        every input[name=version] of the page the post's version
//
// Ctrl+S sends the form with `Accept: application/json`. The answer to a save is { "revision_id", "version", "said" }.
// With any other answer, the form is sent as the button does it, and the next page says why. The form gets the
// events "saving" and "saved".
//
// A picture is sent as multipart/form-data with form_token, once and file. The answer is JSON:
// { "markdown": "![](https://…)" }, or { "detail": "…" } with a status of 400 or more.

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
      field.accept = "image/*";
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

  // Saves, and leaves the caret, the place and what is typed meanwhile as they are.
  let storing = false;
  async function store(button) {
    if (storing || !form.reportValidity()) return;
    storing = true;
    say("Saving …");
    form.dispatchEvent(new Event("saving"));
    try {
      const data = new URLSearchParams(new FormData(form, button));
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, headers: { accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const told = await answer.json();
      form.elements.revision_id.value = told.revision_id;
      for (const field of document.querySelectorAll("input[name=version]")) field.value = told.version;
      for (const link of document.querySelectorAll("a[data-latest]")) {
        link.href = link.href.replace(/revision=[^&#]*/, `revision=${told.revision_id}`);
      }
      form.dispatchEvent(new CustomEvent("saved", { detail: told.revision_id }));
      say(told.said);
    } catch {
      say("");
      form.requestSubmit(button);
    } finally {
      storing = false;
    }
  }

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

  async function send(files) {
    const all = pictures(files);
    if (!all.length) return say("Only pictures can be put into the text this way.");
    const limit = Number(form.dataset.uploadMax ?? 4_000_000);
    let sent = 0;
    for (const file of all) {
      const name = file.name.replace(/[[\]\n]/g, " ");
      if (file.size > limit) {
        say(`${name} is larger than ${Math.floor(limit / 1_000_000)} MB, the most that a page may send. Make it smaller, and try again.`);
        continue;
      }
      const mark = `![Uploading ${name} …]()`;
      replace(body.selectionStart, body.selectionEnd, mark);
      say(`Uploading ${name} …`);
      const result = await upload(file).catch(() => ({ fault: "It could not be sent. Try again; if that fails, save the text and sign in again." }));
      put(mark, result.markdown ?? "");
      if (result.fault) say(`${name}: ${result.fault}`);
      else sent += 1;
    }
    if (sent === all.length) say(sent === 1 ? "The picture is in the text. Describe it between the brackets." : `${sent} pictures are in the text.`);
  }

  async function upload(file) {
    const data = new FormData();
    for (const name of ["form_token", "once"]) data.set(name, form.elements[name].value);
    data.set("file", file);
    const answer = await fetch(form.dataset.upload, { method: "POST", body: data, headers: { accept: "application/json" } });
    const told = await answer.json();
    return answer.ok ? { markdown: told.markdown } : { fault: told.detail };
  }

  // Puts the picture where its placeholder is, and leaves the caret where somebody is typing.
  function put(mark, text) {
    const at = body.value.indexOf(mark);
    if (at < 0) return;
    const { selectionStart: from, selectionEnd: to } = body;
    replace(at, at + mark.length, text);
    if (from === at + mark.length && text) return select(at + 2, at + 2);
    const moved = (place) => (place > at ? Math.max(at, place + text.length - mark.length) : place);
    select(moved(from), moved(to));
  }

  let timer;
  const tell = () => {
    const words = (body.value.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]*/gu) ?? []).length;
    if (count) count.textContent = `${words.toLocaleString("en")} ${words === 1 ? "word" : "words"}`;
  };
  body.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, 300);
  });
  tell();
}
