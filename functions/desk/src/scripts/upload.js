// Sends files to the library, three at a time, each with its progress, a way to cancel it and one to try again. Small
// files go with the form; larger ones go to the bucket, with a request that the page answers.
//
//   form[data-upload="<path>"][data-upload-max="<bytes that go with the form>"]
//     input[name=form_token], input[name=once], ul[data-uploads], [data-say][role=status]
//   editor.js dispatches "upload" with { file, begin(), end(markdown) } as detail. The library's form has
//     input[type=file][data-accept], [data-swap]: hidden without scripts or with them; data-done: where to go at the end

const BROKEN = "The connection broke off. Try again.";
const waiting = [];
let running = 0;

for (const form of document.querySelectorAll("form[data-upload]")) {
  const list = form.querySelector("[data-uploads]");
  if (list) uploads(form, list);
}
addEventListener("beforeunload", (event) => (running || waiting.length) && event.preventDefault());

function uploads(form, list) {
  const say = (text) => (form.querySelector("[data-say]").textContent = text);
  const body = form.querySelector("[data-body]");
  const field = form.querySelector("input[type=file]");
  const there = [];
  let left = 0;
  let failed = 0;

  form.addEventListener("upload", (event) => add(event.detail));
  if (field) {
    const addAll = (files) => [...files].forEach((file) => add({ file }));
    field.accept = field.dataset.accept;
    form.querySelectorAll("[data-swap]").forEach((element) => (element.hidden = !element.hidden));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      addAll(field.files);
      field.value = "";
    });
    form.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      addAll(event.dataTransfer.files);
    });
  }

  function add({ file, begin, end }) {
    const name = make("span", "grow", file.name);
    const bar = make("progress");
    const text = make("span", "small num");
    const again = make("button", "button slim", "Try again");
    const stop = make("button", "button slim text");
    const row = make("li", "row");
    let request, id, stopped, isFailed;
    bar.setAttribute("aria-label", file.name);
    again.setAttribute("aria-label", `Try again: ${file.name}`);
    again.addEventListener("click", start);
    stop.addEventListener("click", () => {
      stopped = true;
      const at = waiting.indexOf(run);
      if (at >= 0) waiting.splice(at, 1);
      if (at >= 0 || isFailed) finish();
      else request?.abort();
    });
    row.append(name, bar, text, again, stop);
    list.append(row);
    start();

    function show(words, fault) {
      if (isFailed) failed -= 1;
      if (fault) failed += 1;
      isFailed = fault;
      text.textContent = words;
      text.classList.toggle("fault", fault);
      bar.hidden = fault;
      if (document.activeElement === again) stop.focus();
      again.hidden = !fault;
      stop.textContent = fault ? "Remove" : "Cancel";
      stop.setAttribute("aria-label", `${stop.textContent} ${file.name}`);
    }

    function start() {
      show("Waiting", false);
      bar.value = 0;
      begin?.();
      count(1);
      waiting.push(run);
      next();
    }

    async function run() {
      try {
        const told = await upload();
        end?.(told.markdown);
        if (end) row.remove();
        else {
          const link = make("a", "", "Uploaded: describe it");
          link.href = told.href;
          there.push(told.href);
          text.replaceChildren(link);
          for (const done of [bar, again, stop]) done.remove();
          say(`${file.name} is uploaded.`);
        }
        count(-1);
      } catch (fault) {
        if (id) cancel(id);
        id = undefined;
        if (stopped) return finish();
        end?.();
        show(fault, true);
        say(`${file.name}: ${fault}`);
        count(-1);
      }
    }

    function finish() {
      if (isFailed) show("", false);
      else {
        end?.();
        count(-1);
      }
      if (row.contains(document.activeElement)) (body ?? field).focus();
      row.remove();
      leave();
    }

    async function upload() {
      if (file.size <= form.dataset.uploadMax) return ask({ once: form.elements.once.value, file });
      const { media_id, upload } = await ask({ action: "announce", filename: file.name, content_type: file.type, size: file.size });
      id = media_id;
      const { status } = await send(upload.method, upload.url, upload.headers, file);
      if (status === 403) throw "The time to send it was over, or the file has changed. Try again.";
      if (status !== 200) throw status ? "It could not be stored. Try again in a moment." : BROKEN;
      const told = await ask({ action: "complete", media_id });
      id = undefined;
      return told;
    }

    // What does not come any more is not announced any longer.
    function cancel(media_id) {
      const data = { form_token: form.elements.form_token.value, action: "cancel", media_id };
      fetch(form.dataset.upload, { method: "POST", keepalive: true, body: new URLSearchParams(data) }).catch(() => {});
    }

    // Asks the page. Where too much was asked for, it is asked again later.
    async function ask(fields) {
      const data = fields.file ? new FormData() : new URLSearchParams();
      data.set("form_token", form.elements.form_token.value);
      for (const [field, value] of Object.entries(fields)) data.set(field, value);
      const answer = await send("POST", form.dataset.upload, { accept: "application/json" }, data);
      if (answer.status === 429) {
        show("Waiting: many files at once", false);
        await new Promise((resolve) => setTimeout(resolve, 1000 * (answer.getResponseHeader("retry-after") || 5)));
        if (!stopped) return ask(fields);
      }
      let told;
      try {
        told = JSON.parse(answer.responseText);
      } catch {
        throw answer.status ? "Something went wrong on our side. Try again in a moment." : BROKEN;
      }
      if (answer.status !== 200) throw told.detail;
      return told;
    }

    // The status of a request without an answer is 0.
    function send(method, url, headers, data) {
      return new Promise((resolve) => {
        request = new XMLHttpRequest();
        request.open(method, url);
        for (const [header, value] of Object.entries(headers)) request.setRequestHeader(header, value);
        request.upload.onprogress = ({ loaded, total }) => {
          if (data instanceof URLSearchParams) return;
          bar.value = loaded / total;
          text.textContent = loaded < total ? `${megabytes(loaded)} of ${megabytes(total)} MB` : "Checking …";
        };
        request.onloadend = () => resolve(request);
        request.send(data);
      });
    }
  }

  function count(by) {
    left += by;
    // A text is not saved with the placeholder of a picture in it.
    body?.setCustomValidity(left ? "Pictures are still being sent. Wait for them, or cancel them." : "");
    leave();
  }

  // Once all are there, the page shows them.
  function leave() {
    if (left || failed || !there.length) return;
    setTimeout(() => location.assign(there.length > 1 ? form.dataset.done : `${there[0]}?done=uploaded`));
  }
}

function next() {
  while (running < 3 && waiting.length) {
    running += 1;
    waiting.shift()().finally(() => {
      running -= 1;
      next();
    });
  }
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  if (tag === "button") element.type = "button";
  return element;
}
