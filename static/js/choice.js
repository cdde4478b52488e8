// What somebody chooses for a measure, on its way through the outbox, for the page of that measure:
//
//   const choice = Choice(form, { stored(fields, address), ended(state, login), restored(fields) });
//   choice.save(label)   keeps and sends what the form holds; resolves when it is kept
//   choice.state         "sent", "offline", … as outbox.js says
//
// Of a measure the newest choice alone waits, and goes out after the one before has been answered. One
// that was given up on its way, by a page that died, may still be carried out later than it: so each
// says the how manieth it is, and the server keeps the newest. The form names the round.
"use strict";

globalThis.Choice = (form, { stored, ended, restored }) => {
  const outbox = Outbox.here;
  const id = `${form.action} ${form.elements.round.value}`;
  const isMine = (entry) => entry.id === id;
  let isWaiting = false; // what was chosen or found here
  let isStored = false;
  let turn = Number(form.dataset.turn); // of the newest choice that is known

  outbox.serve("rating", {
    // What was refused before this page came is shown to be read, see outbox-page.js.
    shows: (entry) => isMine(entry) && isWaiting,
    stored(entry, address) {
      if (!isMine(entry)) return;
      [isWaiting, isStored] = [false, true];
      if (address) outbox.keep([new URL(address, location).pathname]);
      stored(entry.fields, address);
    },
    async refused(entry, { status }) {
      if (!isMine(entry)) return;
      // The page that says it is closed also shows what came too late.
      if (status === 403) location.replace(form.action);
      else {
        await outbox.drop(entry);
        ended("refused", null);
      }
    },
    ended(state, login) {
      if (state === "refused") return;
      if (state === "sent" ? isStored : isWaiting) ended(state, login); // other times it is about others
    },
  });

  // What was chosen here before, and could not be sent yet.
  outbox.ready.then(() => {
    const entry = outbox.all().find(isMine);
    if (!entry || entry.refused || isWaiting) return;
    isWaiting = true;
    restored(entry.fields);
  });

  return {
    async save(label) {
      isWaiting = true;
      const fields = Object.fromEntries(new FormData(form));
      delete fields.csrfmiddlewaretoken;
      await outbox.ready; // what waits from another page is known
      const before = outbox.all().find(isMine)?.fields.turn ?? 0;
      turn = Math.max(turn, before) + 1;
      fields.turn = turn;
      await outbox.put({ id, kind: "rating", action: form.action, label, fields });
    },
    get state() { return outbox.state; },
  };
};
