// Comfort only: every page works without it.
"use strict";

function focusSummary(root) {
  const summary = root.querySelector("[data-focus]");
  if (summary) summary.focus();
}

function countWords(root) {
  for (const limit of root.querySelectorAll("[data-words-for]")) {
    const field = document.getElementById(limit.dataset.wordsFor);
    if (!field) continue;
    const most = Number(limit.dataset.wordsMost);
    const tell = () => {
      const count = field.value.split(/\s+/).filter(Boolean).length;
      limit.textContent = limit.dataset.wordsText.replace("{count}", count).replace("{most}", most);
      limit.classList.toggle("limit-reached", count > most);
    };
    field.addEventListener("input", tell);
    tell();
  }
}

// The answer to a field as the server would read it.
function answerTo(form, id) {
  const inputs = [...form.querySelectorAll(`[name="${form.dataset.prefix ?? ""}${id}"]`)];
  if (!inputs.length) return undefined;
  if (inputs[0].type === "checkbox" && inputs[0].value === "yes") return inputs[0].checked;
  if (inputs[0].type === "checkbox") return inputs.filter((each) => each.checked).map((each) => each.value);
  if (inputs[0].type === "radio") {
    const chosen = inputs.find((each) => each.checked);
    if (!chosen) return null;
    return { yes: true, no: false }[chosen.value] ?? chosen.value;
  }
  if (inputs[0].inputMode === "numeric") return wholeNumber(inputs[0].value);
  if (inputs[0].inputMode === "decimal") return twoPlaces(inputs[0].value);
  return inputs[0].value;
}

function wholeNumber(text) {
  return /^-?\d{1,12}$/.test(text.trim()) ? Number(text) : text;
}

// An amount as "1234.50", as the server keeps it; text that is none stays.
function twoPlaces(text) {
  const found = cents(text, document.documentElement.lang);
  return found === null ? text : (found / 100).toFixed(2);
}

// Whether answer and value can be ordered: two whole numbers, or two amounts.
function ordered(answer, value, test) {
  const amount = /^\d+\.\d{2}$/;
  if (typeof answer === "number" && typeof value === "number") return test(answer, value);
  if (!amount.test(answer) || !/^\d+(\.\d{2})?$/.test(value)) return false;
  return test(Number(answer), Number(value));
}

function holds(test, form) {
  if (test.all) return test.all.every((part) => holds(part, form));
  if (test.any) return test.any.some((part) => holds(part, form));
  if (test.not) return !holds(test.not, form);
  const answer = answerTo(form, test.field);
  if (answer === undefined) return true; // asked on another page: the server knows
  const empty = answer === null || answer === "" || (Array.isArray(answer) && !answer.length);
  switch (test.op) {
    case "eq": return answer === test.value;
    case "ne": return answer !== test.value;
    case "in": return test.value.includes(answer);
    case "contains": return Array.isArray(answer) && answer.includes(test.value);
    case "filled": return !empty;
    case "empty": return empty;
    case "lt": return ordered(answer, test.value, (one, other) => one < other);
    case "le": return ordered(answer, test.value, (one, other) => one <= other);
    case "gt": return ordered(answer, test.value, (one, other) => one > other);
    case "ge": return ordered(answer, test.value, (one, other) => one >= other);
    default: return true;
  }
}

function askWhen(root) {
  for (const form of root.querySelectorAll("form")) {
    const tell = () => form.querySelectorAll("[data-when]").forEach((part) => {
      part.hidden = !holds(JSON.parse(part.dataset.when), form);
    });
    form.addEventListener("change", tell);
    tell();
  }
}

// Amounts in German or English notation, in cents; null for what is none.
function cents(text, language) {
  const [thousands, point] = language === "en" ? [",", "."] : [".", ","];
  const bare = text.replace(/[€\s]/g, "").split(thousands).join("").replace(point, ".");
  return /^\d+(\.\d{1,2})?$/.test(bare) ? Math.round(Number(bare) * 100) : null;
}

function addUp(root) {
  const language = document.documentElement.lang;
  const money = new Intl.NumberFormat(language, { style: "currency", currency: "EUR" });
  const total = (inputs) => money.format(inputs.reduce((sum, each) => sum + (cents(each.value, language) ?? 0), 0) / 100);
  for (const table of root.querySelectorAll("table[data-budget]")) {
    const tell = () => {
      for (const side of table.querySelectorAll("tbody[data-side]")) {
        const rows = [...side.rows].filter((row) => row.querySelector("input"));
        for (const row of rows) row.querySelector("[data-sum=line]").textContent = total([...row.querySelectorAll("input")]);
        side.querySelectorAll("[data-sum=year]").forEach((cell, index) => {
          cell.textContent = total(rows.map((row) => row.querySelectorAll("input")[index]));
        });
        side.querySelector("[data-sum=all]").textContent = total([...side.querySelectorAll("input")]);
      }
    };
    table.addEventListener("input", tell);
  }
}

// A page left with unsaved text asks before it goes.
function guardTyped(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    let touched = false;
    form.addEventListener("input", (event) => { touched ||= !isUpload(event.target); });
    for (const safe of ["submit", "saved"]) form.addEventListener(safe, () => { touched = false; });
    window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
  }
}

// A digit sets the choice of that value in the group that has the focus, as the arrow keys would.
function digitsChoose(root) {
  for (const form of root.querySelectorAll("form[data-digits]")) {
    root.querySelectorAll("[data-with-script]").forEach((part) => { part.hidden = false; });
    form.addEventListener("keydown", (event) => {
      const at = event.target;
      if (at.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey || !/^\d$/.test(event.key)) return;
      const chosen = [...form.elements].find((each) => each.name === at.name && each.value === event.key);
      if (!chosen) return;
      event.preventDefault();
      chosen.focus();
      chosen.click();
    });
  }
}

// The server's clock goes on by the browser's stopwatch, never by its own clock. It counts from the
// moment the page was asked for, so that it is at most ahead and nobody counts on time there is not.
function tickClock(root) {
  const asked = performance.getEntriesByType("navigation")[0]?.requestStart ?? 0;
  const zone = { timeZone: "Europe/Berlin", hour: "2-digit", minute: "2-digit", second: "2-digit" };
  const words = new Intl.DateTimeFormat(document.documentElement.lang, zone);
  for (const clock of root.querySelectorAll("[data-server-time]")) {
    const tell = () => {
      const at = Number(clock.dataset.serverTime) * 1000 + performance.now() - asked;
      clock.textContent = words.format(at);
    };
    tell();
    setInterval(tell, 1000);
  }
}

// When a deadline is where the visitor is, if the clocks there show another time than in Berlin.
function tellElsewhere(root) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const language = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
  const words = (at, timeZone) => new Intl.DateTimeFormat(language,
    { dateStyle: "long", timeStyle: "short", timeZone }).format(at);
  for (const part of root.querySelectorAll("[data-instant]")) {
    const at = new Date(part.dataset.instant);
    if (words(at, here) === words(at, "Europe/Berlin")) continue;
    part.textContent = part.dataset.instantWords.replace("{zone}", here.replaceAll("_", " ")).replace("{at}", words(at, here));
    part.hidden = false;
  }
}

// Files are kept by the script that uploads them, beside what is typed.
function isUpload(input) {
  return input.type === "file" && input.closest("[data-upload]") !== null;
}

// What saves a form goes one after the other, each against the version that the one before made.
function inTurn(form, work) {
  const result = (form.turn ?? Promise.resolve()).then(work);
  form.underWay = (form.underWay ?? 0) + 1;
  form.turn = result.catch(() => {}).then(() => { form.underWay -= 1; });
  return result;
}

// A form that is just being saved is sent afterwards, else it would meet its own saving as another's.
function sendInTurn(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    form.addEventListener("submit", async (event) => {
      if (!form.underWay) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.isWaiting) return;
      form.isWaiting = true;
      while (form.underWay) await form.turn;
      form.isWaiting = false;
      form.requestSubmit(event.submitter);
    });
  }
}

// Signed in anew, the page needs the token of the new session.
async function renewToken(form) {
  const page = await fetch(location.pathname);
  const found = new DOMParser().parseFromString(await page.text(), "text/html");
  const fresh = found.querySelector("main [name=csrf_token]");
  if (fresh) form.elements.csrf_token.value = fresh.value;
}

for (const comfort of [focusSummary, countWords, askWhen, addUp, sendInTurn, guardTyped, digitsChoose, tickClock, tellElsewhere]) comfort(document);
