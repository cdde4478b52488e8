// Typing in sheets of paper by keyboard alone: two answers a measure, Enter goes on, after the last
// one it saves the sheet. What is saved travels through the outbox, so the next sheet can be typed at
// once, with or without a connection. A sheet that was refused lives as long as this page, and
// leaving it warns.
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
  const next = Number(list().dataset.next) + waiting().filter(({ refused }) => !refused).length;
  number.textContent = number.textContent.replace(/\d+/, next);
};

// Sending -----------------------------------------------------------------------------------------
const aside = []; // sheets that could not be saved, and half ones that made room for these

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

const takeUp = (typed) => {
  if (isTouched()) aside.push(fields());
  fill(typed);
  drawShelf();
  go(cells[0]);
};

const drawShelf = () => {
  const buttons = aside.map((typed) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "text-button";
    button.textContent = words.takeUp;
    button.addEventListener("click", () => {
      aside.splice(aside.indexOf(typed), 1);
      takeUp(typed);
    });
    return button;
  });
  shelf.replaceChildren(...buttons);
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
const waiting = () => outbox.all().filter(({ kind }) => kind === "sheet");

outbox.serve("sheet", {
  stored(_entry, html) {
    if (html) state.textContent = read(html).saved ?? ""; // without, another tab has sent it
  },
  refused(entry, { text, status, isPlain }) {
    outbox.drop(entry);
    const sentence = isPlain ? text : read(text).refused;
    const typed = status === 409 ? { ...entry.fields, client_id: Outbox.newId() } : entry.fields;
    if (isTouched()) aside.push(typed);
    else fill(typed);
    drawShelf();
    renumber();
    say(sentence ?? words.takeUp);
  },
  ended(how, login) {
    renumber();
    if (how === "offline") state.textContent = words.waiting + waiting().length;
    if (how === "refused") state.textContent = "";
    if (how === "signed out") state.replaceChildren(words.login, linkTo(login));
  },
});
// What waited from before this page.
outbox.ready.then(() => {
  if (!isQueued) return;
  for (const entry of waiting().filter(({ refused }) => refused)) {
    aside.push(entry.fields);
    outbox.drop(entry);
  }
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
  empty();
  renumber();
};

// Keys --------------------------------------------------------------------------------------------
const next = (cell) => {
  if (cell.value && !whole.test(clean(cell.value))) say(words.two, cell);
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
    say("");
    return;
  }
  const isFull = whole.test(good.get(target));
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
  if (!leaving && (isTouched() || aside.length || waiting().length)) event.preventDefault();
});
addEventListener("focus", resume);
addEventListener("pageshow", () => { leaving = false; }); // back again

form.querySelector("[data-keys]").hidden = false;
const isFree = document.activeElement === document.body; // somebody may have been faster
if (isFree && !form.querySelector("[aria-invalid], [autofocus]")) go(group && !group.value ? group : cells[0]);
