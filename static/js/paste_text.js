// In a preview of several lines the text that they came from follows each correction: that text is
// what this browser keeps until the lines are stored (drafts.js, paste.js). First of all who listen.
"use strict";

document.addEventListener(
  "input",
  ({ target }) => {
    const { form } = target;
    if (!target.closest(".paste__line")) return;
    const rows = [...form.querySelectorAll(".paste__line")].map((row) =>
      ["title", "description"].map((name) => row.querySelector(`[name=${name}]`).value),
    );
    form.elements.text.value = rows.map((cells) => cells.filter(Boolean).join("\t")).join("\n");
  },
  true,
);
