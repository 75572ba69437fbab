"""Python code as HTML with the few colors that stay readable on white and on black."""

from functools import cache

from pygments import highlight as _highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

_LEXER = PythonLexer()
_FORMATTER = HtmlFormatter(nowrap=True)


@cache
def highlight(source: str) -> str:
    """The source as HTML for a <pre>, escaped, its tokens in spans."""
    return str(_highlight(source, _LEXER, _FORMATTER))
