"""Habits that every module of course_lib keeps."""

import ast
import re
from pathlib import Path

import pytest

import course_lib

ROOT = Path(course_lib.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
LONGEST = 400  # lines; most are well under 250

every_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda p: str(p.relative_to(ROOT))
)


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def changing_state(tree):
    """Names at the top of a module that could be changed from anywhere."""
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            if is_mutable(node.value) and names != {"__all__"}:
                yield from names
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names


def is_mutable(value):
    kinds = ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp
    constructors = {"list", "dict", "set", "defaultdict", "Counter"}
    called = isinstance(value, ast.Call) and getattr(value.func, "id", "")
    return isinstance(value, kinds) or called in constructors


def global_randomness(tree):
    """Uses of np.random other than as the type of a generator that was handed in."""
    for node in ast.walk(tree):
        owner = getattr(getattr(node, "value", None), "attr", None)
        if isinstance(node, ast.Attribute) and owner == "random":
            yield from {node.attr} - {"Generator"}
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names]
            names.append(getattr(node, "module", None) or "")
            yield from (name for name in names if name in {"random", "numpy.random"})


@every_module
def test_a_module_is_one_idea(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@every_module
def test_a_name_says_what_is_inside(path):
    assert path.stem not in {"utils", "util", "helpers", "misc", "common"}
    assert not re.search(r"\d", path.stem)


@every_module
def test_nothing_changes_at_a_distance(path):
    """The one switch is whether the graph records."""
    permitted = {"_recording"} if path == ROOT / "graph.py" else set()
    assert set(changing_state(tree_of(path))) <= permitted


@every_module
def test_randomness_is_handed_in(path):
    assert list(global_randomness(tree_of(path))) == []


def test_the_rules_notice():
    source = """
import random
from numpy.random import default_rng
CACHE = {}
LEVELS: list[int] = [1, 2]
SEEN = set()
OTHER = dict()
FIXED = (1, 2)
__all__ = ["FIXED"]

def draw(rng: np.random.Generator):
    global COUNT
    return np.random.normal() + np.random.default_rng(0).normal()
"""
    tree = ast.parse(source)
    assert set(changing_state(tree)) == {"CACHE", "LEVELS", "SEEN", "OTHER", "COUNT"}
    assert sorted(global_randomness(tree)) == [
        "default_rng",
        "normal",
        "numpy.random",
        "random",
    ]
