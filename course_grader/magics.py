"""IPython's magics, taken out of a cell so that plain Python can run it.

What has no effect on the answers is dropped (`%matplotlib inline`, `!pip install`), of
what times a statement the statement is left, and anything else becomes an error that
says so.
"""

from __future__ import annotations

import ast
import re

TIMING = {"time", "timeit", "prun", "capture"}
DROPPED = {
    "alias", "autoreload", "autosave", "cd", "colors", "conda", "config", "history",
    "load_ext", "lsmagic", "matplotlib", "pdb", "pip", "pinfo", "precision", "pwd",
    "reload_ext", "who", "whos", "xmode",
}  # fmt: skip
TEXT_CELLS = {"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG"}

LINE = re.compile(r"(?P<indent>\s*)%(?P<name>\w+)(?P<rest>.*)")
CELL = re.compile(r"\s*%%(?P<name>\w+)(?P<rest>.*)")
SHELL = re.compile(r"(?P<indent>\s*)!.*")
HELP = re.compile(r"(?P<indent>\s*)(\?{1,2}\s*[\w.]+|[\w.]+\?{1,2})\s*")
OPTIONS = re.compile(r"(\s+-[a-zA-Z]\s*\d*(?=\s))*\s*")


def without_magics(source: str) -> str:
    """The cell as plain Python, each statement in the line it was in.

    Python's own parser decides what is a magic: only a line at which it stops can be
    one, so that `% b` in the middle of an expression or a text is left alone.
    """
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if match := CELL.fullmatch(lines[first]):
        if match["name"] in TEXT_CELLS:
            return ""
        known = match["name"] in TIMING
        lines[first] = "" if known else _refusal("", f"%%{match['name']}")
        if not known:
            return lines[first]
    for _ in range(len(lines)):
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not 0 <= place < len(lines):
                break
            plain = _without_magic(lines[place])
            if plain == lines[place]:
                break  # an error of the author's own
            lines[place] = plain
        except ValueError:
            break  # a null byte, say; running the cell will report it
        else:
            break
    return "\n".join(lines)


def _without_magic(line: str) -> str:
    if match := LINE.fullmatch(line):
        if match["name"] in TIMING:
            statement = OPTIONS.sub("", match["rest"], count=1)
            return match["indent"] + (statement or "pass")
        if match["name"] in DROPPED:
            return match["indent"] + "pass"
        return _refusal(match["indent"], f"%{match['name']}")
    if match := SHELL.fullmatch(line) or HELP.fullmatch(line):
        return match["indent"] + "pass"
    return line


def _refusal(indent: str, magic: str) -> str:
    message = (
        f"{magic} works in Jupyter only, and is not run when the notebook is graded"
    )
    return f"{indent}raise RuntimeError({message!r})"
