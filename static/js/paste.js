// Several lines pasted into an empty line of the board become several measures, or goals, once they
// were looked at: the server says what each line is (views/pasting.py), the person corrects, and
// what is confirmed goes the way of what is typed (board.js), all of it as one entry: the server
// stores all or none, and what it refuses is shown again. Meanwhile the text lies in this browser,
// so a closed tab costs no word. Where the server cannot be asked, the text goes into the line as
// the browser would have put it.
"use strict";

(() => {
  const { board, words, lines, element } = Board;
  const storage = Kept.storage ?? Kept.memory();
  const pasted = new Map(); // where the line was when it was pasted, by place: {start, end}

  // A place of the board is a goal's key, "none" or "goals".
  const nameOf = (place) => Kept.draft(board().dataset.account, location.pathname, `paste-${place}`);
  const inputOf = (place) => Board.inputOf(`lines-${place}`);
  const previewOf = (place) => document.getElementById(`paste-${place}`);
  const placeOf = ({ id }) => (id === "new-goal" ? "goals" : id.replace("title-", ""));

  const kept = (place) => JSON.parse(storage.getItem(nameOf(place)))?.values.text ?? "";
  const keep = (place, text) =>
    storage.setItem(nameOf(place), JSON.stringify({ at: Date.now(), values: { text } }));

  const inOneLine = (text) => text.trim().split(/\s*[\r\n]+\s*/).join(" ");
  const isSeveral = (text) => text.split(/[\r\n]+/).filter((line) => line.trim()).length > 1;

  const putInOneLine = (place, text) => {
    const input = inputOf(place);
    const { start, end } = pasted.get(place) ?? { start: input.value.length, end: input.value.length };
    input.setRangeText(inOneLine(text), start, end, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };

  const forget = (place) => storage.removeItem(nameOf(place));

  const close = (place) => {
    forget(place);
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

  const contentOf = (html) => {
    const holder = element("template");
    holder.innerHTML = html;
    return holder.content;
  };

  // Show what the lines become, or why they cannot be stored, to who has not gone on elsewhere.
  const preview = (place, content, isFree) => {
    document.getElementById(`paste-place-${place}`).replaceChildren(content);
    const form = previewOf(place);
    count(form);
    if (!isFree) return;
    const first = form.querySelector("[role=alert], [aria-invalid=true]");
    const wanted = (form.matches("[data-refused]") && first) || form.querySelector("[type=submit]");
    wanted.focus();
    wanted.scrollIntoView({ block: "center" }); // with the first lines below it
  };

  const say = (level, text) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { level, text, about: "board" } }));

  const offer = async (place, lately) => {
    const before = kept(place); // pasted before it was confirmed
    const text = [before, lately].filter(Boolean).join("\n");
    keep(place, text);
    previewOf(place)?.remove(); // nobody confirms half of it
    const answer = await ask(place, text).catch(() => null);
    if (kept(place) !== text) return; // pasted again meanwhile, and asked for together
    const content = contentOf([200, 422].includes(answer?.status) ? answer.text : "");
    if (content.querySelector("form.paste")) {
      preview(place, content, [document.body, inputOf(place)].includes(document.activeElement));
    } else if (answer?.status === 422) {
      close(place);
      say("danger", answer.text.trim());
      if (before) offer(place, before);
    } else {
      putInOneLine(place, text);
      close(place);
      say("info", words("flattened"));
    }
  };

  const taken = (form) =>
    [...form.querySelectorAll(".paste__line")].filter((row) => row.querySelector("[name=take]").checked);

  const count = (form) => {
    const number = taken(form).length;
    const { one, many } = form.dataset;
    form.querySelector("[data-add]").textContent = number === 1 ? one : many.replace("{n}", number);
  };

  const confirmPaste = (form) => {
    const place = form.elements.goal.value;
    const titles = taken(form).map((row) => row.querySelector("[name=title]").value);
    if (!titles.length) {
      form.querySelector("[name=take]").focus();
      return;
    }
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const item = { id: Outbox.newId(), kind: "paste", action: form.action, line: `lines-${place}`, fields, titles };
    const text = kept(place);
    lines.put({ ...item, label: titles.join("\n") }).then(() => {
      if (kept(place) === text) forget(place); // not where something was pasted meanwhile
      Board.showPending(item);
    });
    pasted.delete(place);
    previewOf(place)?.remove();
    inputOf(place).focus();
  };

  Board.serve("paste", {
    async stored(item, said) {
      await Board.redraw().catch(() => {}); // toast.js says so; the lines are stored
      Board.removePending(item);
      say("success", said.trim());
    },
    refused(item, answer) {
      const content = contentOf(answer.isPlain ? "" : answer.text);
      const form = content.querySelector("form.paste");
      if (!form) {
        Board.showRefused(item, answer);
        return;
      }
      const place = item.line.replace("lines-", "");
      const text = form.elements.text.value;
      const isAsIs = inputOf(place) && !kept(place); // neither gone nor pasted into again
      if (isAsIs) keep(place, text);
      else offer(inputOf(place) ? place : "none", text);
      lines.drop(item);
      Board.removePending(item);
      const { activeElement: now } = document;
      if (isAsIs) preview(place, content, now === document.body || (now === inputOf(place) && !now.value));
    },
  });

  document.addEventListener("paste", (event) => {
    const input = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!input.matches?.(".add-line [name=title], #new-goal")) return;
    if (!board().dataset.paste || !isSeveral(text)) return;
    event.preventDefault();
    pasted.set(placeOf(input), { start: input.selectionStart, end: input.selectionEnd });
    offer(placeOf(input), text);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.paste")) return;
    event.preventDefault();
    confirmPaste(event.target);
  });
  const keepAsOneLine = (form) => {
    const place = form.elements.goal.value;
    putInOneLine(place, kept(place));
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
    keep(form.elements.goal.value, form.elements.text.value); // see paste_text.js
  });
  // What a closed tab left open is offered again.
  Board.ready.then(() => {
    if (!board().dataset.paste) return;
    const prefix = nameOf("");
    for (const name of Array.from({ length: storage.length }, (_, index) => storage.key(index))) {
      if (!name.startsWith(prefix)) continue;
      const place = name.slice(prefix.length);
      const text = kept(place);
      storage.removeItem(name);
      offer(inputOf(place) ? place : "none", text); // its goal may be gone
    }
  });
})();
