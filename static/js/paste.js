// Several lines pasted into an empty line of the board become several measures, or goals, once they
// were looked at: the server says what each line is (views/pasting.py), the person corrects, and
// what is confirmed goes the way of what is typed (board.js). Meanwhile the text lies in this
// browser, so a closed tab costs no word. Where the server cannot be asked, the text goes into the
// line as the browser would have put it.
"use strict";

(() => {
  const pasteKey = (place) => `paste:${board().dataset.account}:${location.pathname}:${place}`;
  const storage = Queue.lasting();
  const pasted = new Map(); // what the line held, by place: {text, start, end}

  const inOneLine = (text) => text.trim().split(/\s*[\r\n]+\s*/).join(" ");
  const isSeveral = (text) => text.split(/[\r\n]+/).filter((line) => line.trim()).length > 1;

  // A line of the board: where it is typed, and the name of the place beneath it.
  const lineOf = (input) => {
    if (!input.matches?.(".add-line [name=title], #new-goal")) return null;
    return { input, place: input.id === "new-goal" ? "goals" : input.id.replace("title-", "") };
  };
  const inputOf = (place) => document.getElementById(place === "goals" ? "new-goal" : `title-${place}`);
  const previewOf = (place) => document.getElementById(`paste-${place}`);

  const putInOneLine = (place, text) => {
    const input = inputOf(place);
    const { start, end } = pasted.get(place) ?? { start: input.value.length, end: input.value.length };
    input.setRangeText(inOneLine(text), start, end, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };

  const close = (place) => {
    storage.removeItem(pasteKey(place));
    pasted.delete(place);
    previewOf(place)?.remove();
  };

  const ask = async (place, text) => {
    const line = inputOf(place).form;
    const fields = { text, goal: place, municipality: line.elements.municipality?.value ?? "" };
    const headers = { "HX-Request": "true", "X-CSRFToken": line.elements.csrfmiddlewaretoken.value };
    const request = { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" };
    const answer = await fetch(board().dataset.paste, request);
    return { status: answer.status, text: await answer.text() };
  };

  // Show what the lines become; it takes the focus unless the person has gone on typing elsewhere.
  const preview = (place, html) => {
    const { activeElement } = document;
    const isHere = [document.body, inputOf(place)].includes(activeElement);
    const holder = element("template");
    holder.innerHTML = html;
    document.getElementById(`paste-place-${place}`).replaceChildren(holder.content);
    count(previewOf(place));
    if (!isHere) return;
    const add = previewOf(place).querySelector("[type=submit]");
    add.focus();
    add.scrollIntoView({ block: "center" }); // with the first lines below it
  };

  const say = (level, text) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { level, text } }));

  const offer = async (place, lately) => {
    const before = storage.getItem(pasteKey(place)); // pasted before it was confirmed
    const text = before === null ? lately : `${before}\n${lately}`;
    storage.setItem(pasteKey(place), text);
    const answer = await ask(place, text).catch(() => null);
    if (answer?.status === 200) preview(place, answer.text);
    else if (answer?.status === 422) {
      close(place);
      say("danger", answer.text.trim());
    } else {
      putInOneLine(place, text);
      close(place);
      say("info", words("flattened"));
    }
  };

  const rowsOf = (form) => [...form.querySelectorAll(".paste__line")].map((row) => ({
    row,
    isTaken: row.querySelector("[name=take]").checked,
    title: row.querySelector("[name=title]"),
    description: row.querySelector("[name=description]"),
  }));

  const count = (form) => {
    const number = rowsOf(form).filter(({ isTaken }) => isTaken).length;
    const { one, many } = form.dataset;
    form.querySelector("[data-add]").textContent = number === 1 ? one : many.replace("{n}", number);
  };

  // Say what is wrong with a title as it reads now, and whether something is.
  const check = ({ row, title }) => {
    const { long, empty } = title.form.dataset;
    const [length, limit] = [[...title.value.trim()].length, Number(title.dataset.limit)];
    const problem = !length ? empty : length > limit ? long.replace("{length}", length).replace("{limit}", limit) : "";
    row.querySelector(".kern-error")?.remove();
    title.removeAttribute("aria-invalid");
    if (!problem) return true;
    title.setAttribute("aria-invalid", "true");
    const icon = element("span", { class: "kern-icon kern-icon--danger", "aria-hidden": "true" });
    const text = element("p", { class: "kern-error" }, icon, element("span", { class: "kern-body" }, problem));
    row.querySelector(".paste__notes").append(text);
    return false;
  };

  const confirmPaste = (form) => {
    const place = form.elements.goal.value;
    const rows = rowsOf(form).filter(({ isTaken }) => isTaken);
    const faulty = rows.filter((each) => !check(each));
    if (faulty.length || !rows.length) {
      (faulty[0]?.title ?? form.querySelector("[name=take]")).focus();
      return;
    }
    const input = inputOf(place);
    close(place);
    for (const { title, description } of rows) {
      if (place === "goals") goals.push(title.value.trim());
      else {
        const item = typed(input.form);
        Object.assign(item.fields, { title: title.value.trim(), description: description.value.trim() });
        showPending(item);
        lines.put(item);
      }
    }
    if (place === "goals") sendGoals();
    input.focus();
  };

  document.addEventListener("paste", (event) => {
    const line = lineOf(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!line || !board().dataset.paste || !isSeveral(text)) return;
    event.preventDefault();
    const { selectionStart: start, selectionEnd: end } = line.input;
    pasted.set(line.place, { start, end });
    offer(line.place, text);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.paste")) return;
    event.preventDefault();
    confirmPaste(event.target);
  });
  const keepAsOneLine = (form) => {
    const place = form.elements.goal.value;
    putInOneLine(place, storage.getItem(pasteKey(place)) ?? "");
    close(place);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("form.paste [data-one-line]");
    if (button) keepAsOneLine(button.form);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.key === "Escape" && event.target.closest?.("form.paste");
    if (form) keepAsOneLine(form);
  });
  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form.paste");
    if (!form) return;
    count(form);
    const rows = rowsOf(form);
    if (target.name === "title") check(rows.find(({ title }) => title === target));
    const now = rows.map(({ title, description }) => [title.value, description.value].filter(Boolean).join("\t"));
    storage.setItem(pasteKey(form.elements.goal.value), now.join("\n"));
  });
  // What a closed tab left open is offered again.
  ready.then(() => {
    if (!board().dataset.paste) return;
    const prefix = pasteKey("");
    for (const key of Array.from({ length: storage.length }, (_, index) => storage.key(index))) {
      if (!key.startsWith(prefix)) continue;
      const place = key.slice(prefix.length);
      const there = inputOf(place) ? place : "none"; // its goal may be gone
      const text = storage.getItem(key);
      storage.removeItem(key);
      offer(there, text);
    }
  });
})();
