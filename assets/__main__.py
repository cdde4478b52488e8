"""Write static/made and the widths of letters anew: python3 dev.py assets."""

from assets import DOCUMENTS, MADE, WIDTHS
from assets.fonts import document_fonts, font_files
from assets.kern import kern_files
from assets.widths import widths_module


def main() -> None:
    made = {**font_files(), **kern_files()}
    for path in MADE.rglob("*"):
        if path.is_file() and path.relative_to(MADE).as_posix() not in made:
            path.unlink()
    for name, content in made.items():
        path = MADE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{len(content):>7}  {path.relative_to(MADE)}")
    for name, content in document_fonts().items():
        (DOCUMENTS / name).write_bytes(content)
        print(f"{len(content):>7}  {name}")
    WIDTHS.write_bytes(widths_module())
    print(f"{WIDTHS.stat().st_size:>7}  {WIDTHS.name}")


if __name__ == "__main__":
    main()
