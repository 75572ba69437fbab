"""Every public name of course_lib says what it is."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import course_lib

ROOT = Path(course_lib.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))


def name_of(path):
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def undocumented(tree):
    """Public modules, classes, functions and methods without a docstring.

    A method counts as documented if its class inherits another's; the caller knows.
    """
    if not ast.get_docstring(tree):
        yield "the module"
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and is_public(node):
            if not ast.get_docstring(node):
                yield node.name
            for method in getattr(node, "body", []):
                if (
                    isinstance(node, ast.ClassDef)
                    and isinstance(method, ast.FunctionDef)
                    and is_public(method)
                    and not ast.get_docstring(method)
                ):
                    yield f"{node.name}.{method.name}"


def is_public(node):
    """Not hidden, and not the second half of a property."""
    setter = any(getattr(d, "attr", "") == "setter" for d in node.decorator_list)
    return not node.name.startswith("_") and not setter


def inherits_docstring(module, name):
    """Whether a method has a docstring in one of its class's bases."""
    owner, _, method = name.partition(".")
    if not method:
        return False
    bases = getattr(module, owner).__mro__[1:]
    return any(inspect.getdoc(vars(base).get(method)) for base in bases)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_public_names_have_docstrings(path):
    names = list(undocumented(ast.parse(path.read_text(encoding="utf-8"))))
    module = import_module(name_of(path)) if names else None
    assert [name for name in names if not inherits_docstring(module, name)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_docstring_begins_with_a_sentence(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            text = ast.get_docstring(node)
            first = text.split("\n\n")[0] if text else "."
            assert first.endswith((".", ":", "?")), f"{path.name}: {first!r}"


def test_the_rule_notices():
    source = '''
class Open:
    """Documented."""

    def method(self): ...

    def _hidden(self): ...

def function(): ...

def _hidden(): ...
'''
    assert list(undocumented(ast.parse(source))) == [
        "the module",
        "Open.method",
        "function",
    ]
