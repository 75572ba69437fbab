"""Imports go one way, and a student's laptop needs NumPy alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import course_lib

ROOT = Path(course_lib.__file__).parent

# What each part of course_lib may import, besides itself: simple below, complex above.
# Parts are modules or packages; those of one line make up one layer of the design.
CORE = {"types", "operations"}
GRAPH = {"graph", "call", "gradients", "operators"}
MAY_IMPORT = {
    "types": set(),
    "operations": {"types"},
    **dict.fromkeys(GRAPH, CORE | GRAPH),
    "forward_mode": {"types"},
    "gradient_check": CORE | GRAPH,
    "derivatives": CORE | GRAPH | {"forward_mode"},
    "initializers": {"types"},
    "filtering": CORE,
    "layers": CORE | GRAPH | {"initializers"},
    "backbones": CORE | GRAPH | {"initializers", "layers"},
    "optimizers": {"types", "graph"},
    "schedules": {"types", "optimizers"},
    "data": {"types"},
    "training": CORE
    | GRAPH
    | {"layers", "backbones", "optimizers", "schedules", "data"},
    "analysis": CORE | GRAPH | {"layers", "backbones", "optimizers", "data"},
    "figures": CORE
    | GRAPH
    | {"forward_mode", "layers", "optimizers", "training", "analysis"},
}

# What an optimizer knows of the graph.
FOR_OPTIMIZERS = {"Parameter", "Gradients", "GradientError"}

# Other people's packages: at the top of a module, and within a function.
AT_THE_TOP = {"numpy"}
WITHIN = {"tqdm", "PIL"}
DRAWING = {"matplotlib", "cycler"}
STDLIB = sys.stdlib_module_names

MODULES = sorted(ROOT.rglob("*.py"))


def violations(source, path):
    """What the module at `path`, relative to course_lib, may not import."""
    part = path.parts[0].removesuffix(".py")
    tree = ast.parse(source)
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        for name in imported(node):
            package, _, rest = name.partition(".")
            if name.startswith("."):
                yield f"{name}: relative"
            elif package == "course_lib":
                target = rest.partition(".")[0]
                if target != part and target not in MAY_IMPORT.get(part, set()):
                    yield f"{name}: {part} may not import {target}"
                of_graph = part == "optimizers" and target == "graph"
                if of_graph and name.rpartition(".")[2] not in FOR_OPTIMIZERS:
                    yield f"{name}: an optimizer knows Parameters and gradients only"
            elif package not in STDLIB | allowed(part, id(node) in top):
                yield f"{name}: {package} is not for {part}"


def imported(node):
    """Full names, such as "course_lib.graph.Node" and "..row"."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        return [f"{base}.{alias.name}" for alias in node.names]
    return []


def allowed(part, at_the_top):
    drawing = DRAWING if part == "figures" else set()
    return AT_THE_TOP | drawing | (set() if at_the_top else WITHIN)


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(module):
    path = module.relative_to(ROOT)
    assert list(violations(module.read_text(encoding="utf-8"), path)) == []


def test_every_part_has_its_place():
    """A new module or package needs a line in MAY_IMPORT."""
    parts = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in MODULES}
    assert parts - {"__init__"} <= set(MAY_IMPORT)


def test_the_order_has_no_circle_outside_the_graph():
    done = CORE | GRAPH
    while ready := {part for part in MAY_IMPORT if MAY_IMPORT[part] <= done} - done:
        done |= ready
    assert done == set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("operations/losses.py", "from course_lib.graph import Node"),
        ("operations/losses.py", "import course_lib.layers.dense"),
        ("graph.py", "from course_lib import layers"),
        ("layers/dense.py", "from course_lib.optimizers import SGD"),
        ("layers/dense.py", "from .layer import Layer"),
        ("optimizers/sgd.py", "from course_lib.graph import backpropagate"),
        ("optimizers/sgd.py", "from course_lib.operations import elementwise"),
        ("graph.py", "import torch"),
        ("gradient_check.py", "def f():\n    from torch import Tensor"),
        ("training.py", "import tqdm"),
        ("training.py", "def f():\n    import matplotlib.pyplot"),
        ("training.py", "try:\n    import scipy\nexcept ImportError:\n    pass"),
        ("__init__.py", "from course_lib.graph import Node"),
    ],
)
def test_the_rule_notices(path, source):
    assert len(list(violations(source, Path(path)))) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("operations/losses.py", "import numpy as np\nimport math"),
        ("layers/dense.py", "from course_lib.layers.layer import Layer"),
        ("optimizers/sgd.py", "from course_lib.graph import Parameter"),
        ("training.py", "def f():\n    from tqdm import tqdm"),
        ("figures/style.py", "import matplotlib"),
    ],
)
def test_the_rule_permits(path, source):
    assert list(violations(source, Path(path))) == []


def test_importing_all_but_the_figures_loads_numpy_alone():
    names = [
        ".".join(["course_lib", *path.relative_to(ROOT).with_suffix("").parts])
        for path in MODULES
        if "figures" not in path.parts and path.stem != "__init__"
    ]
    code = f"""
import sys, importlib
for name in {names}:
    importlib.import_module(name)
print([name for name in ["torch", "matplotlib", "tqdm", "PIL"] if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "[]\n", run.stderr
