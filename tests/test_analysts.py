"""The analysts' page shows what its example really prints."""

import contextlib
import io
import re

from tests.test_layers import ROOT

BLOCK = re.compile(r"```python\n(.*?)```\n\nprints\n\n```\n(.*?)```", re.DOTALL)


def test_the_example_prints_what_the_page_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = BLOCK.findall((ROOT / "docs" / "analysts.md").read_text("utf-8"))
    names, printed = {}, []
    for code, _expected in blocks:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(code, "docs/analysts.md", "exec"), names)
        printed.append(out.getvalue())
    assert len(blocks) == 3
    assert printed == [expected for _code, expected in blocks]
