// The typist's line: Enter empties it at once and the next line can be typed while the last one
// travels. What is not stored yet waits in this browser (outbox.js) and is shown among the lines.
//
// A script in <head> and no module: it listens before the first line can be typed. What needs htmx
// or the whole board waits until the page is there.
"use strict";

globalThis.Board = (() => {
  const ready = new Promise((done) => addEventListener("DOMContentLoaded", done)); // after htmx's own
  const board = () => document.getElementById("board");
  const words = (name) => board().dataset[name];

  const lines = Outbox.here;

  // Say how entries of a kind are shown when they are stored, or refused; of others see paste.js.
  // Without an answer another tab, or a page before this one, has sent it.
  const serve = (kind, { stored, refused = showRefused }) =>
    lines.serve(kind, {
      refused,
      async stored(item, answer) {
        if (answer) await stored(item, answer);
        else {
          await redraw().catch(() => {}); // toast.js says so; it is stored
          removePending(item);
        }
      },
    });

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  const pendingId = (item) => `pending-${item.id}`;

  const listOf = (item) => document.getElementById(item.line) ?? board().querySelector(".lines");

  // The empty line at the end of a list.
  const inputOf = (list) =>
    document.getElementById(list === "lines-goals" ? "new-goal" : list.replace("lines-", "title-"));

  const isLine = ({ kind }) => kind === "line";

  const titlesOf = (item) => item.titles ?? [item.fields.title];

  const problemId = (item) => `problem-${item.id}`;

  const showPending = (item, problem = "") => {
    const text = element("div", { class: "row__text" }, ...titlesOf(item).map((title) => element("p", {}, title)));
    if (item.refused) {
      const icon = element("span", { class: "kern-icon kern-icon--danger", "aria-hidden": "true" });
      const said = element("span", { class: "kern-body" }, problem || words("unsent"));
      text.append(element("p", { class: "kern-error", role: "status", id: problemId(item) }, icon, said));
    } else text.append(element("p", { class: "muted", role: "status" }, words("sending")));
    const row = element("li", { class: "row line line--pending", id: pendingId(item) });
    row.append(element("span", { class: "code" }, "…"), text);
    if (item.refused) row.append(correction(item));
    const old = document.getElementById(pendingId(item));
    if (old) old.replaceWith(row);
    else listOf(item).append(row);
  };

  const removePending = (item) => document.getElementById(pendingId(item))?.remove();

  // After a reload the answer is gone; that the phase was over is still known.
  const showWaiting = (item) => showPending(item, item.status === 403 ? words("closed") : "");

  const showRefused = (item, answer) => {
    const said = reason(answer);
    if (said) showPending(item, said);
    else showWaiting(item);
  };

  const button = (label) =>
    element("button", { class: "kern-btn kern-btn--secondary kern-btn--x-small", type: "button" },
      element("span", { class: "kern-label" }, label));

  // A refused line can be corrected where it stands, or given up; several are sent as they are.
  const correction = (item) => {
    const fields = isLine(item) ? correctable(item) : [];
    const again = button(words("retry"));
    const discard = button(words("discard"));
    again.addEventListener("click", () => {
      const changed = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
      const corrected = { ...item, refused: false, fields: isLine(item) ? { ...item.fields, ...changed } : item.fields };
      showPending(corrected);
      inputOf(item.line)?.focus();
      lines.put(corrected);
    });
    for (const field of fields) {
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        again.click();
      });
    }
    discard.addEventListener("click", () => {
      lines.drop(item);
      removePending(item);
      inputOf(item.line)?.focus();
    });
    return element("div", { class: "row__correction" }, ...fields, again, discard);
  };

  const correctable = (item) => {
    const input = element("input", {
      name: "title",
      class: "kern-form-input__input",
      "aria-label": `${words("unsent")}: ${item.fields.title}`,
      "aria-invalid": "true",
      "aria-describedby": problemId(item),
    });
    input.value = item.fields.title;
    const line = document.querySelector(`[data-line="${item.line}"]`);
    const select = line?.elements.municipality?.cloneNode(true); // the one chosen may be what is wrong
    if (!select) return [input];
    select.removeAttribute("id");
    select.setAttribute("aria-label", line.elements.municipality.labels[0].textContent);
    select.value = item.fields.municipality;
    return [input, select];
  };

  const banner = (text, link) => {
    document.getElementById("outbox-state")?.remove();
    if (!text) return;
    const box = element("div", { class: "outbox-state", id: "outbox-state", role: "status" }, text);
    if (link) box.append(" ", element("a", { href: link, class: "kern-link" }, words("loginLink")));
    board().prepend(box);
  };

  const showStored = (item, html) => {
    const holder = element("template");
    holder.innerHTML = html;
    const row = holder.content.querySelector("li");
    const pending = document.getElementById(pendingId(item));
    // A board that was drawn anew meanwhile may show the stored line already.
    if (document.getElementById(row.id)) pending?.remove();
    else if (pending) pending.replaceWith(row);
    else {
      const list = document.getElementById(item.line); // sent for another tab
      const first = list?.querySelector(".line--pending");
      if (first) first.before(row);
      else list?.append(row);
    }
    row.closest(".goal")?.querySelector("form[action$='/to-measure/']")?.remove(); // it has a measure now
    const bar = holder.content.querySelector("#undo-bar");
    const old = document.getElementById("undo-bar");
    const focused = old?.contains(document.activeElement) && document.activeElement.id;
    old?.replaceWith(bar);
    if (focused) document.getElementById(focused)?.focus();
    // Which else looks at all of the page when it comes.
    for (const part of [row, bar]) if (part.isConnected) globalThis.htmx?.process(part);
  };

  const reason = ({ status, text, isPlain }) => {
    if (isPlain) return text.trim();
    const holder = element("template");
    if (status === 422) holder.innerHTML = text;
    const errors = [...holder.content.querySelectorAll(".kern-error")];
    return errors.map((error) => error.textContent.trim()).join(" ");
  };

  const typed = (form) => {
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrfmiddlewaretoken;
    fields.client_id = Outbox.newId(); // never the form's own: "back" brings a form whose id is used up
    const { action, dataset } = form;
    return { id: fields.client_id, kind: "line", action, line: dataset.line, label: fields.title, fields };
  };

  // Say at a line that there is nothing in it to be stored; the next letter takes that back.
  const sayEmpty = (input) => {
    const place = document.getElementById(input.getAttribute("aria-describedby"));
    const text = element("span", { class: "kern-body" }, words("empty"));
    const icon = element("span", { class: "kern-icon kern-icon--danger", "aria-hidden": "true" });
    place.replaceChildren(element("p", { class: "kern-error", role: "alert" }, icon, text));
    input.setAttribute("aria-invalid", "true");
    input.addEventListener("input", () => cleared(input), { once: true });
    input.focus();
  };
  const cleared = (input) => {
    input.removeAttribute("aria-invalid");
    document.getElementById(input.getAttribute("aria-describedby"))?.replaceChildren();
  };

  // A goal leaves its field at Enter, and the field stays while the board is drawn anew. Then the
  // typist goes on with the goal's first measure, unless the next goal is typed already.
  const goals = [];
  let sendingGoals = false;
  let goesOn = ""; // the id of the element with which the person goes on, as the last board says
  document.addEventListener("htmx:afterSwap", () => {
    goesOn = board().dataset.at;
  });
  const sendGoals = async () => {
    if (sendingGoals) return;
    sendingGoals = true;
    await ready;
    for (let text; (text = goals[0]); goals.shift()) {
      const form = document.getElementById("add-goal");
      if (!navigator.onLine) {
        keepGoal(form, text);
        continue;
      }
      let failed = false;
      const note = (event) => (failed ||= event.detail.elt?.id === "add-goal");
      for (const name of ["htmx:responseError", "htmx:sendError"]) document.addEventListener(name, note);
      await htmx
        .ajax("POST", form.action, { source: form, target: "#board", swap: "outerHTML", values: { text } })
        .catch(() => (failed = true));
      for (const name of ["htmx:responseError", "htmx:sendError"]) document.removeEventListener(name, note);
      const input = document.getElementById("new-goal"); // in it may stand what was typed meanwhile
      if (failed) {
        input.value = [...goals.splice(0), input.value].filter(Boolean).join(" / ");
        input.dispatchEvent(new Event("input", { bubbles: true }));
      } else if (goals.length === 1 && !input.value && document.activeElement === input) {
        document.getElementById(goesOn)?.focus();
      }
    }
    sendingGoals = false;
  };

  // Without a connection a goal waits like a line; a goal that is there is not added again.
  const keepGoal = (form, text) => {
    const what = { titles: [text], label: text, fields: { text } };
    keep({ id: Outbox.newId(), kind: "goal", action: form.action, line: "lines-goals", ...what }, form);
  };

  // A line shows among the others when the device has it. Until then the draft holds the words, unless
  // the next ones stand there already.
  const keep = async (item, form) => {
    await lines.put(item);
    showPending(item);
    form.scrollIntoView({ block: "nearest" }); // the row above it has pushed it down
    const input = form.elements.title ?? form.elements.text;
    if (!input.value) form.dispatchEvent(new CustomEvent("draft:stored", { bubbles: true }));
  };

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "add-goal") return;
    event.preventDefault();
    const input = event.target.elements.text;
    if (!input.value.trim()) {
      sayEmpty(input);
      return;
    }
    goals.push(input.value);
    input.value = "";
    cleared(input);
    sendGoals();
  });

  const send = (form) => {
    const item = typed(form);
    keep(item, form);
    const { municipality } = form.elements; // several lines in a row are for the same one
    const chosen = municipality?.value;
    form.reset();
    if (municipality) municipality.value = chosen;
    for (const name of ["title", "description", "short_title"]) form.elements[name].value = "";
    cleared(form.elements.title);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest(".add-line");
    if (!form) return;
    event.preventDefault();
    const title = form.elements.title;
    if (!title.value.trim()) {
      sayEmpty(title);
      return;
    }
    send(form);
    title.focus();
  });

  let left = ""; // where one goes on: "cancel" leads back to where the edit began, a form may say so
  let underway = 0;
  const held = [];
  document.addEventListener("htmx:confirm", (event) => {
    const trigger = event.detail.triggeringEvent;
    if (!underway || !trigger || trigger.type === "input") return; // a search has no button to press again
    // Its own button would be gone with the old board before its answer arrives.
    event.preventDefault();
    held.push(trigger.submitter ?? event.target);
  });
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    underway += 1;
    left = target.dataset.at ?? target.hash?.slice(1) ?? "";
  });
  document.addEventListener("htmx:afterRequest", () => {
    underway -= 1;
    while (held.length && !underway) {
      const button = held.shift();
      (button.isConnected ? button : button.id && document.getElementById(button.id))?.click();
    }
  });
  // What outlives the board that is drawn anew: each of these takes something from the old one and
  // returns what puts it into the new one. Who types in it goes on typing there.
  const survivors = [];
  const outlives = (take) => survivors.push(take);

  // A form that is open elsewhere, with what is typed in it.
  outlives(({ requestConfig }) => {
    const isLeft = (row) => !row.contains(requestConfig.elt);
    const rows = [...document.querySelectorAll(".row--editing")].filter(isLeft);
    return () => {
      for (const row of rows) {
        document.getElementById(row.id)?.replaceWith(row);
        htmx.process(row);
      }
    };
  });
  // What is not stored yet, with the correction of what was refused.
  outlives(() => {
    const rows = [...document.querySelectorAll(".line--pending")];
    return () => {
      for (const item of lines.all()) {
        if (document.getElementById(pendingId(item))) continue;
        const row = rows.find(({ id }) => id === pendingId(item));
        if (row) listOf(item).append(row);
        else showWaiting(item);
      }
    };
  });

  let comeBack = [];
  let typing = null;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const isBoard = detail.target === board();
    comeBack = isBoard ? survivors.map((take) => take(detail)) : [];
    const isHere = document.activeElement?.closest(".row--editing, .line--pending");
    typing = isBoard && isHere ? document.activeElement : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const putBack of comeBack.splice(0)) putBack();
    if (typing?.isConnected) typing.focus({ preventScroll: true });
    typing = null;
    const form = document.querySelector(".row--editing form[data-focus]");
    if (form) {
      form.removeAttribute("data-focus");
      const wanted = form.querySelector("[role=alert]") ?? form.querySelector("input:not([type=hidden]), textarea");
      const { activeElement: now } = document; // who has gone on to write elsewhere stays there
      if (form.contains(now) || !now.matches("input, select, textarea")) {
        wanted.focus();
        form.scrollIntoView({ block: "nearest" });
      }
    } else if (document.activeElement === document.body) {
      document.getElementById(board().dataset.at || left)?.focus();
    }
    delete board().dataset.at;
    // What has the focus may have moved out of sight, together with its line.
    if (board().contains(document.activeElement)) {
      document.activeElement.scrollIntoView({ block: "nearest" });
    }
  });
  // Whoever goes on typing while a button or a link has the focus means the line typed in last: after
  // a removal, say, the focus is on "Undo", and a word with a space in it would press that.
  let lastLine = "";
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest(".add-line, .add-goal") && target.matches("input")) lastLine = target.id;
  });
  const lineFor = (target) =>
    lastLine &&
    (document.getElementById(lastLine) ?? // it may be gone with its goal
      target.closest(".goal")?.querySelector(".add-line [name=title]") ??
      document.getElementById("title-none"));
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isLetter = key.length === 1 && key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isLetter && !target.matches("input, select, textarea")) lineFor(target)?.focus();
    // A closed list would open; on the line above it Enter stores.
    const line = key === "Enter" && target.matches("select") && target.closest(".add-line");
    if (line) {
      event.preventDefault();
      line.requestSubmit();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.target.closest?.(".row--editing")?.querySelector("a[data-hx-get]")?.click();
  });
  const redraw = () => htmx.ajax("GET", location.pathname, { target: "#board", swap: "outerHTML" });
  // "Back" may show the board as the browser kept it: what was stored since is fetched.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
      redraw();
      lines.send();
    }
  });
  // What waited in this browser from before there was an outbox.
  const moveIn = () => {
    const storage = Kept.storage ?? {};
    const prefix = `outbox:${board().dataset.account}:${location.pathname}:`;
    for (const name of Object.keys(storage).filter((each) => each.startsWith(prefix))) {
      const item = { kind: "line", ...JSON.parse(storage.getItem(name)), id: name.slice(prefix.length) };
      lines.put({ ...item, label: titlesOf(item).join("\n") }).then(() => lines.isFleeting || storage.removeItem(name));
    }
  };
  serve("line", { stored: showStored });
  serve("goal", {
    async stored(item) {
      await redraw().catch(() => {}); // toast.js says so; the goal is stored
      removePending(item);
    },
  });
  // What is there without a connection holds what was typed since it was loaded, a little later.
  let keeping = 0;
  // A change of a line or a goal goes to the server as a form does, and waits like a new line where
  // there is no connection. A conflict that has come up meanwhile is shown in its place.
  serve("edit", {
    async stored(item) {
      await redraw().catch(() => {}); // toast.js says so; it is stored
      removePending(item);
    },
    async refused(item, answer) {
      const holder = element("template");
      holder.innerHTML = answer.isPlain ? "" : answer.text;
      const row = holder.content.querySelector(".row--editing");
      if (row) await redraw().catch(() => {});
      const old = row && document.getElementById(row.id);
      if (!old) {
        showRefused(item, answer);
        return;
      }
      old.replaceWith(row);
      htmx.process(row);
      removePending(item);
      lines.drop(item);
    },
  });
  const keepEdit = async (form) => {
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrfmiddlewaretoken;
    const label = fields.title ?? fields.text;
    const line = form.closest(".lines")?.id ?? "lines-goals";
    const row = form.closest(".row--editing");
    const what = { titles: [label], label, fields, row: row.id };
    const item = { id: form.action, kind: "edit", action: form.action, line, ...what };
    await lines.put(item);
    showPending(item);
    form.dispatchEvent(new CustomEvent("draft:stored", { bubbles: true }));
    row.remove();
  };
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.detail.requestConfig.elt;
    if (!form.matches(".row--editing form[data-draft]")) return;
    event.stopPropagation(); // nothing has to be tried again, see toast.js
    keepEdit(form);
  }, true);
  lines.serve("board", {
    ended(state, login) {
      clearTimeout(keeping);
      if (state === "sent") keeping = setTimeout(() => lines.keep([location.pathname], { isAnew: true }), 3000);
      banner({ offline: words("offline"), "signed out": words("login") }[state], login);
    },
  });
  ready.then(async () => {
    // Once, on arrival: put back into a new board, a line that carries it would take the focus again.
    const first = board().querySelector("[autofocus]");
    first?.removeAttribute("autofocus");
    if (!location.hash && document.activeElement === document.body) first?.focus();
    moveIn();
    await lines.ready;
    if (lines.isOlder()) redraw(); // the page before this one was still sending
    // What came when the collecting was over is sent again once it goes on.
    const goesOn = document.querySelector(".add-line") !== null;
    for (const item of lines.all()) {
      const isSentAgain = goesOn && item.refused && item.status === 403;
      showWaiting(isSentAgain ? { ...item, refused: false } : item);
      if (isSentAgain) lines.put(item);
    }
    lines.send();
  });

  // For what else is on the board: paste.js, similar.js.
  return {
    ready, board, words, element, lines, serve, inputOf, outlives, redraw, showPending, showRefused, removePending,
  };
})();
