// Typing in sheets of paper by keyboard alone: two answers a measure, Enter goes on, after the last
// one it saves the sheet. What is saved travels through the outbox, so the next sheet can be typed at
// once, with or without a connection. One that was refused stays there until it is saved after all,
// or discarded.
const form = document.querySelector("[data-sheet]");
const words = form.dataset;
const isQueued = "queued" in words; // a correction is sent with its page
const cells = [...form.querySelectorAll("[data-cell]")];
const group = form.elements.group;
const [state, said, shelf] = ["state", "said", "shelf"].map((name) => form.querySelector(`[data-${name}]`));
const begun = new RegExp(`^(?:${words.answer}){0,2}$`);
const whole = new RegExp(`^(?:${words.answer}){2}$`);
const good = new Map(cells.map((cell) => [cell, cell.value])); // what was in order last
let kept = cells.map((cell) => cell.defaultValue).join(); // on a correction: what is stored
let leaving = false;

const clean = (text) => text.replace(/\s/g, "").toLowerCase();
const isTouched = () => cells.map((cell) => cell.value).join() !== kept;

const say = (sentence, field) => {
  said.textContent = sentence;
  said.hidden = !sentence;
  for (const cell of cells) cell.removeAttribute("aria-invalid");
  if (!sentence || !field) return;
  if (field !== group) field.setAttribute("aria-invalid", "true");
  field.focus();
};

// The first field that keeps the sheet from being saved, with the reason.
const fault = () => {
  if (group && !group.value) return [words.group, group];
  const half = cells.find((cell) => cell.value && !whole.test(clean(cell.value)));
  if (half) return [words.two, half];
  return cells.some((cell) => cell.value) ? null : [words.empty, cells[0]];
};

const go = (cell) => {
  cell.focus();
  cell.select?.(); // the group's field has no text
};

// Which sheet it is -------------------------------------------------------------------------------
const list = () => document.querySelector("[data-sheets]");
const number = document.querySelector("[data-number]");
const renumber = () => {
  const next = Number(list().dataset.next) + waiting().length;
  number.textContent = number.textContent.replace(/\d+/, next);
};

// Sending -----------------------------------------------------------------------------------------
// Sheets that could not be saved, and half ones that made room for these: what is typed, and the
// entry of the outbox that it was.
const aside = [];
let held = null; // the entry that stands in the form

const fields = () => {
  const { csrfmiddlewaretoken: _token, ...typed } = Object.fromEntries(new FormData(form));
  return typed;
};

const fill = (typed) => {
  for (const cell of cells) {
    cell.value = typed[cell.name] ?? "";
    good.set(cell, cell.value);
  }
  if (group && typed.group !== undefined) group.value = typed.group;
  form.elements.client_id.value = typed.client_id ?? Outbox.newId();
};

const empty = () => {
  fill({});
  go(cells[0]);
};

const put = ({ typed, entry }) => {
  fill(typed);
  held = entry;
};

const takeUp = (sheet) => {
  if (isTouched()) aside.push({ typed: fields(), entry: held });
  put(sheet);
  drawShelf();
  go(cells[0]);
};

const take = (sheet, does) => {
  aside.splice(aside.indexOf(sheet), 1);
  does(sheet);
};

const forget = ({ entry }) => {
  if (entry) outbox.drop(entry);
  drawShelf();
};

const button = (label, press) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "text-button";
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
};

const drawShelf = () => {
  const rows = aside.map((sheet) => {
    const row = document.createElement("p");
    row.append(
      button(words.takeUp, () => take(sheet, takeUp)), " ", button(words.discard, () => take(sheet, forget)),
    );
    return row;
  });
  shelf.replaceChildren(...rows);
};

// The server's list of what is stored, with what it says of the sheet that was sent.
const read = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const answer = page.querySelector("[data-sheets]");
  if (!answer) return { refused: page.querySelector("main p")?.textContent.trim() }; // an error's page
  list().replaceWith(answer);
  form.elements.opening.value = answer.dataset.opening;
  return answer.dataset;
};

const outbox = Outbox.here;
const waiting = () => outbox.all().filter(({ kind, refused }) => kind === "sheet" && !refused);
// What the server has under an id it does not take again.
const refusedSheet = (entry) => {
  const anew = entry.status === 409 ? { client_id: Outbox.newId() } : {};
  return { typed: { ...entry.fields, ...anew }, entry };
};

outbox.serve("sheet", {
  stored(_entry, html) {
    if (html) state.textContent = read(html).saved ?? ""; // without, another tab has sent it
  },
  refused(entry, { text, isPlain }) {
    const sentence = isPlain ? text : read(text).refused;
    state.textContent = "";
    if (isTouched()) aside.push(refusedSheet(entry));
    else put(refusedSheet(entry));
    drawShelf();
    renumber();
    say(sentence ?? words.takeUp);
  },
  ended(how, login) {
    renumber();
    if (how === "offline") state.textContent = words.waiting + waiting().length;
    if (how === "signed out") state.replaceChildren(words.login, linkTo(login));
  },
});
// What waited from before this page.
outbox.ready.then(() => {
  if (!isQueued) return;
  const refused = outbox.all().filter((entry) => entry.kind === "sheet" && entry.refused);
  aside.push(...refused.map(refusedSheet));
  drawShelf();
  renumber();
});

const linkTo = (login) => {
  const link = document.createElement("a");
  link.href = login;
  link.target = "_blank";
  link.className = "kern-link";
  link.textContent = words.loginLink;
  return link;
};

// Back from the log-in in another tab: the page of the same person brings what forms need now.
const resume = async () => {
  if (outbox.state !== "signed out") return;
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const theirs = page.querySelector("[data-sheet]");
  if (theirs?.dataset.by !== words.by) return;
  form.elements.csrfmiddlewaretoken.value = theirs.elements.csrfmiddlewaretoken.value;
  outbox.send();
};

const save = () => {
  const wrong = fault();
  if (wrong) {
    say(...wrong);
    return;
  }
  say("");
  if (!isQueued) {
    leaving = true;
    form.submit();
    return;
  }
  const typed = fields();
  state.textContent = words.saving;
  const label = [number.textContent.trim(), ...cells.map((cell) => cell.value || "–")].join(" ");
  outbox.put({ id: typed.client_id, kind: "sheet", action: form.action, label, fields: typed });
  if (held && held.id !== typed.client_id) outbox.drop(held);
  held = null;
  empty();
  renumber();
};

let wrongIn = null; // where something was typed that is no answer

// Keys --------------------------------------------------------------------------------------------
const next = (cell) => {
  if (!cell.value && cell === wrongIn) {
    wrongIn = null; // once more, and it is left empty
    say(words.wrong, cell);
  } else if (cell.value && !whole.test(clean(cell.value))) say(words.two, cell);
  else if (cell === cells.at(-1)) save();
  else {
    say("");
    go(cells[cells.indexOf(cell) + 1]);
  }
};

form.addEventListener("input", ({ target }) => {
  if (!cells.includes(target)) return;
  const typed = clean(target.value);
  if (begun.test(typed)) {
    good.set(target, typed);
    wrongIn = null;
    say("");
    return;
  }
  const isFull = whole.test(good.get(target));
  wrongIn = target;
  target.value = good.get(target);
  say(isFull ? words.enough : words.wrong, target);
});

form.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!event.repeat) save();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (target === group && key === "Enter") go(cells[0]);
  else if (!cells.includes(target)) return;
  else if (key === "Enter") {
    if (!event.repeat) next(target);
  } else if (key === "ArrowDown") go(cells[cells.indexOf(target) + 1] ?? target);
  else if (key === "ArrowUp" || (key === "Backspace" && !target.value)) {
    go(cells[cells.indexOf(target) - 1] ?? target);
  } else return;
  event.preventDefault();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});

addEventListener("beforeunload", (event) => {
  const isAtRisk = isTouched() || aside.some(({ entry }) => !entry) || waiting().length;
  if (!leaving && isAtRisk) event.preventDefault();
});
addEventListener("focus", resume);
addEventListener("pageshow", () => { leaving = false; }); // back again

form.querySelector("[data-keys]").hidden = false;
const isFree = document.activeElement === document.body; // somebody may have been faster
if (isFree && !form.querySelector("[aria-invalid], [autofocus]")) go(group && !group.value ? group : cells[0]);
