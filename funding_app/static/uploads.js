// Uploads files one by one as soon as they are chosen or dropped. Comfort only: the form sends them too.
"use strict";

const LOOK_AGAIN = [2000, 4000, 8000, 16000, 30000, 60000]; // while the virus scan is under way

class Upload {
  constructor(field, file) {
    this.field = field;
    this.file = file;
    this.row = document.createElement("li");
    this.name = this.part("span", "title", file.name);
    this.bar = this.part("progress", "", "");
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", file.name);
    this.note = this.part("span", "muted small", "");
    this.again = this.button(field.texts.retry, () => this.queue());
    this.stop = this.button(field.texts.cancel, () => this.cancel());
    this.again.hidden = true;
  }

  part(kind, look, text) {
    const made = document.createElement(kind);
    made.className = look;
    made.textContent = text;
    this.row.append(made);
    return made;
  }

  button(text, action) {
    const made = this.part("button", "as-link", text);
    const about = document.createElement("span");
    about.className = "kern-sr-only";
    about.textContent = ` ${this.file.name}`;
    made.type = "button";
    made.append(about);
    made.addEventListener("click", action);
    return made;
  }

  queue() {
    this.again.hidden = true;
    this.bar.hidden = false;
    this.bar.value = 0;
    this.note.className = "muted small";
    this.note.textContent = this.field.texts.waiting;
    this.stop.firstChild.textContent = this.field.texts.cancel;
    this.open = true;
    inTurn(this.field.form, () => (this.open ? this.send() : undefined));
  }

  send() {
    this.tell("sending");
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open("POST", this.field.address);
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        this.bar.value = event.loaded / event.total;
        this.note.textContent = this.bar.value < 1 ? `${Math.floor(this.bar.value * 100)} %` : this.field.texts.checking;
      });
      request.addEventListener("load", () => this.answered(request.status, request.response).then(done, done));
      request.addEventListener("error", () => { this.fail(this.words("offline"), true); done(); });
      request.addEventListener("abort", () => done());
      request.send(this.body());
    });
  }

  body() {
    const data = new FormData();
    data.set("csrf_token", this.field.form.elements.csrf_token.value);
    data.set(this.field.version.name, this.field.version.value);
    data.set(this.field.input.name, this.file);
    return data;
  }

  async answered(status, told) {
    if (told?.html) this.field.show(told.html);
    if (status === 200) return this.done(told);
    if (status === 409 || status === 422) return this.fail(told.text, false);
    if (status === 413) return this.fail(this.words("size"), false);
    if (status === 401) return this.fail(this.words("signedOut"), true);
    if (status === 404) return this.fail(this.words("closed"), false);
    if (status === 400) await renewToken(this.field.form).catch(() => {});
    return this.fail(this.words("offline"), true);
  }

  done(told) {
    const [version] = Object.values(told.versions);
    this.field.version.value = version;
    this.open = false;
    const hadFocus = this.row.contains(document.activeElement);
    this.row.remove();
    if (hadFocus) this.field.input.focus();
    this.tell("done");
    this.field.watch();
  }

  fail(text, again) {
    this.open = again;
    this.bar.hidden = true;
    this.again.hidden = !again;
    this.note.className = "upload-error";
    this.note.textContent = text;
    this.stop.firstChild.textContent = this.field.texts.dismiss;
    this.field.say(text);
  }

  cancel() {
    if (this.open) this.tell("cancelled");
    this.open = false;
    this.request?.abort();
    this.row.remove();
    this.field.input.focus();
  }

  words(name) {
    return this.field.texts[name].replace("{name}", this.file.name)
      .replace("{most}", Math.floor(this.field.most / 1e6)).replace("{kinds}", this.field.kinds.join(", "));
  }

  tell(name) { this.field.say(this.words(name)); }
}

class UploadField {
  constructor(box, texts) {
    this.box = box;
    this.texts = texts.dataset;
    this.address = box.dataset.upload;
    this.most = Number(box.dataset.mostBytes) || Infinity;
    this.kinds = box.dataset.kinds.split(",").filter(Boolean);
    this.input = box.querySelector("input[type=file]");
    this.form = this.input.form;
    this.version = this.form.querySelector("[name^=version-]");
    this.uploads = [];
    this.list = this.add("ul", "rows uploads");
    this.status = this.add("p", "kern-sr-only");
    this.status.setAttribute("role", "status");
    const hint = this.add("p", "muted small");
    hint.textContent = this.texts.drop;
    this.input.after(hint);
    this.input.addEventListener("change", () => this.take(this.input.files));
    for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, (event) => this.over(event));
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("dropping"));
    box.addEventListener("drop", (event) => { event.preventDefault(); this.take(event.dataTransfer.files); });
    window.addEventListener("beforeunload", (event) => { if (this.uploads.some((each) => each.open)) event.preventDefault(); });
    this.watch();
  }

  add(kind, look) {
    const made = document.createElement(kind);
    made.className = look;
    this.box.append(made);
    return made;
  }

  over(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.box.classList.add("dropping");
  }

  take(files) {
    for (const file of [...files]) {
      const upload = new Upload(this, file);
      this.uploads.push(upload);
      this.list.append(upload.row);
      const problem = this.problem(file);
      if (problem) upload.fail(upload.words(problem), false);
      else upload.queue();
    }
    this.input.value = "";
  }

  problem(file) {
    const ending = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
    if (this.kinds.length && !this.kinds.includes(ending)) return "kind";
    if (file.size > this.most) return "size";
    return file.size ? "" : "empty";
  }

  show(html) {
    const found = new DOMParser().parseFromString(html, "text/html");
    this.box.querySelector("[data-files-of]").replaceChildren(...found.body.childNodes);
  }

  say(text) { this.status.textContent = text; }

  // Looks again until the virus scan has spoken.
  watch(turn = 0) {
    clearTimeout(this.timer);
    if (turn >= LOOK_AGAIN.length || !this.box.querySelector("[data-waiting]")) return;
    this.timer = setTimeout(async () => {
      const answer = await fetch(this.address).catch(() => null);
      if (answer?.ok && !this.box.querySelector("[data-files-of]").contains(document.activeElement)) this.show((await answer.json()).html);
      this.watch(turn + 1);
    }, LOOK_AGAIN[turn]);
  }
}

const uploadTexts = document.querySelector("[data-upload-texts]");
for (const box of document.querySelectorAll("[data-upload]")) new UploadField(box, uploadTexts);
