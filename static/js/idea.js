// Ideas go through the outbox: the next one can be written at once, with or without a connection.
// What is not whole, or too long, goes to the server as it is, whose page says so.
const form = document.querySelector("[data-idea-form]");
if (form) {
  const outbox = Outbox.here;
  const { field, text } = form.elements;
  const thanks = document.querySelector("[data-thanks]");
  // Up to 2^63, as the server makes them: a repeat is the same idea.
  const newNumber = () => String((crypto.getRandomValues(new BigUint64Array(1))[0] >> 1n) || 1n);

  outbox.serve("idea", {
    shows: () => false, // what is refused is shown by outbox-page.js
    stored: () => { thanks.hidden = false; },
    refused: () => { thanks.hidden = true; },
  });
  form.addEventListener("submit", (event) => {
    const fields = { field: field.value, text: text.value, number: newNumber() };
    if (!fields.field || !fields.text.trim() || fields.text.length > Number(text.dataset.most)) return;
    event.preventDefault();
    for (const error of form.querySelectorAll(".error")) error.remove(); // it is right by now
    for (const each of [field, text]) each.removeAttribute("aria-invalid");
    const label = `${form.dataset.label}: ${fields.text}`;
    outbox.put({ id: `idea-${fields.number}`, kind: "idea", action: form.action, label, fields });
    text.value = "";
    text.focus();
  });
  // What came while none were taken is sent again now that they are.
  outbox.ready.then(() => {
    const late = outbox.all().filter(({ kind, refused, status }) => kind === "idea" && refused && status === 403);
    for (const entry of late) outbox.put(entry);
  });
}
