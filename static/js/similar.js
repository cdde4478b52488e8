// "Similar: M12 …" beside a line that was just stored comes with the line's answer only. It outlives
// a board that is drawn anew, until somebody has judged it or the line is no longer there.
"use strict";

Board.outlives(() => {
  const hints = [...Board.board().querySelectorAll(".similar[id]")];
  return () => {
    for (const hint of hints) {
      const number = hint.id.replace("similar-", "");
      const line = document.getElementById(`measure-${number}`);
      if (!line?.matches(".line") || document.getElementById(hint.id)) continue;
      line.append(hint);
      htmx.process(hint);
    }
  };
});
