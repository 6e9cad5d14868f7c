// Saves a form while it is filled in, and tells how that goes. Comfort only: the buttons save too.
"use strict";

const PAUSE = 1500; // after the last key, in milliseconds
const RETRY = 5000;
const BEAT = 20000; // how often the page says that somebody is still here

class Autosave {
  constructor(form) {
    this.form = form;
    this.box = document.querySelector("[data-autosave-box]");
    this.texts = this.box.dataset;
    this.state = this.box.querySelector("[data-autosave-state]");
    this.trouble = this.box.querySelector("[data-autosave-trouble]");
    this.others = this.box.querySelector("[data-autosave-others]");
    this.place = `typed ${this.texts.person} ${form.getAttribute("action")}`;
    this.typed = 0;
    this.saved = 0;
    form.addEventListener("input", (event) => { if (!isUpload(event.target)) this.note(); });
    form.addEventListener("submit", () => { this.leaving = true; clearTimeout(this.timer); });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); });
    this.offer();
    if (this.texts.presence) this.beat();
  }

  note() {
    this.typed += 1;
    sessionStorage.setItem(this.place, JSON.stringify([...this.data()]));
    this.later(PAUSE);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  data() {
    const data = new FormData(this.form);
    for (const field of this.form.querySelectorAll("input[type=file]")) data.delete(field.name);
    data.delete("csrf_token");
    return data;
  }

  async save() {
    if (this.busy || this.leaving || this.stopped || this.saved === this.typed) return;
    this.busy = true;
    const sent = this.typed;
    this.state.textContent = this.texts.saving;
    try {
      await inTurn(this.form, async () => this.answered(await this.send(), sent));
    } catch {
      this.fail(this.texts.offline, true);
    }
    this.busy = false;
    if (this.saved !== this.typed && !this.waiting) this.later(PAUSE);
  }

  send() {
    const data = this.data();
    data.set("go", "auto");
    data.set("csrf_token", this.form.elements.csrf_token.value);
    this.waiting = false;
    return fetch(this.form.getAttribute("action"), { method: "POST", body: data, redirect: "manual" });
  }

  async answered(answer, sent) {
    if (answer.ok) return this.done(await answer.json(), sent);
    if (answer.status === 409) return this.stop(this.texts.conflict);
    if (answer.status === 404) return this.stop(this.texts.closed);
    if (answer.status === 401) return this.fail(this.texts.signedOut, true);
    if (answer.status === 400) await renewToken(this.form);
    return this.fail(this.texts.offline, true);
  }

  done(told, sent) {
    for (const [section, version] of Object.entries(told.versions)) {
      this.form.elements[`version-${section}`].value = version;
    }
    this.saved = sent;
    this.state.textContent = told.text;
    this.trouble.textContent = "";
    if (this.saved !== this.typed) return;
    sessionStorage.removeItem(this.place);
    this.form.dispatchEvent(new Event("saved"));
  }

  fail(text, again) {
    this.state.textContent = "";
    if (this.trouble.textContent !== text) this.trouble.textContent = text;
    this.waiting = again;
    if (again) this.later(RETRY);
  }

  stop(text) {
    this.stopped = true;
    this.fail(text, false);
  }

  // What was typed here and did not reach the server, after a reload or a crash.
  offer() {
    const kept = sessionStorage.getItem(this.place);
    const offer = document.querySelector("[data-autosave-kept]");
    if (!kept || !offer) return;
    if (alike(JSON.parse(kept), [...this.data()])) return sessionStorage.removeItem(this.place);
    offer.hidden = false;
    offer.querySelector("[data-restore]").addEventListener("click", () => {
      offer.hidden = true;
      this.restore(JSON.parse(kept));
    });
    offer.querySelector("[data-discard]").addEventListener("click", () => {
      offer.hidden = true;
      sessionStorage.removeItem(this.place);
    });
  }

  restore(pairs) {
    const answers = grouped(pairs);
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "file") continue;
      const values = (answers.get(field.name) ?? []).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
    this.form.querySelector("textarea, input:not([type=hidden])")?.focus();
  }

  async beat() {
    if (!document.hidden && !this.stopped) await this.present().catch(() => {});
    setTimeout(() => this.beat(), BEAT);
  }

  async present() {
    const data = new FormData();
    data.set("csrf_token", this.form.elements.csrf_token.value);
    const answer = await fetch(this.texts.presence, { method: "POST", body: data, redirect: "manual" });
    if (!answer.ok) return;
    const { text } = await answer.json();
    if (this.others.textContent !== text) this.others.textContent = text;
  }
}

// Whether the page shows what was kept: sent by a button, it comes back with what is wrong in it.
function alike(kept, shown) {
  const typed = (pairs) => JSON.stringify(pairs.filter(([name]) => !name.startsWith("version-")));
  return typed(kept) === typed(shown);
}

function grouped(pairs) {
  const found = new Map();
  for (const pair of pairs) found.set(pair[0], [...(found.get(pair[0]) ?? []), pair]);
  return found;
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
