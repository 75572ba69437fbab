"""What a notebook may not import, and that everything else goes on working."""

import importlib
import sys

import numpy as np
import pytest

import course_lib.operations.activations
from course_grader.withhold import WithheldError, withhold

LIBRARY = {
    "__init__.py": "from shelf.rules.adam import Adam\n",
    "rules/__init__.py": "from shelf.rules.adam import Adam\n",
    "rules/adam.py": "class Adam: pass\ndef make(): return Adam()\n",
    "rules/sgd.py": "class SGD: pass\n",
    "again.py": "from shelf.rules import adam\nfrom shelf.rules.adam import Adam as A\n"
    "def make(): return A(), adam.Adam()\n",
    "late.py": "def make():\n    from shelf.rules import Adam\n    return Adam()\n",
}


@pytest.fixture(params=["already loaded", "loaded later"])
def library(request, tmp_path, monkeypatch):
    """A package of a few modules, imported or not when its names are withheld."""
    for name, text in LIBRARY.items():
        path = tmp_path / "shelf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    if request.param == "already loaded":
        importlib.import_module("shelf.again")
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "shelf"]:
        del sys.modules[name]


@pytest.fixture
def run():
    """Runs cells of one notebook; what it withheld is given back at the end."""
    notebook = {"__name__": "__main__", "withhold": withhold}

    def run(cell):
        exec(compile(cell, "<cell>", "exec"), notebook)
        return notebook

    yield run
    for finder in [x for x in sys.meta_path if getattr(x, "notebook", 0) is notebook]:
        finder.lift()


@pytest.mark.parametrize(
    "cell",
    [
        "from shelf import Adam",
        "from shelf.rules import Adam",
        "from shelf.rules.adam import Adam",
        "from shelf.rules import Adam as B",
        "import shelf; shelf.Adam",
        "import shelf.rules; shelf.rules.Adam()",
        "import shelf.rules as r; getattr(r, 'Adam')",
        "import shelf.rules.adam as a; a.Adam",
        "from shelf import again; again.A",
        "from shelf.again import A",
        "from importlib import import_module; import_module('shelf.rules').Adam",
        "exec('from shelf.rules import Adam', {})",
        "exec('from shelf.rules import Adam', {'__name__': 'shelf.again'})",
        "from shelf.rules import *\nAdam",
    ],
)
def test_a_withheld_class_is_refused_wherever_it_is_read(library, run, cell):
    run("withhold('shelf.rules.Adam', because='adam')")
    with pytest.raises((WithheldError, NameError)) as refused:
        run(cell)
    if "*" not in cell:  # a star import takes only what it may have
        message = "shelf.rules.Adam is withheld: the assignment 'adam' asks you to"
        assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    "cell",
    [
        "import shelf.rules.adam; shelf.rules.adam",
        "import shelf.rules.adam as a",
        "from shelf.rules import adam",
        "from shelf.rules.adam import make",
        "import shelf.rules; shelf.rules.adam",
        "from importlib import import_module; import_module('shelf.rules.adam').make",
        "from importlib.util import find_spec; find_spec('shelf.rules.adam').loader",
        "import sys, shelf; sys.modules['shelf.rules.adam'].make",
    ],
)
def test_a_withheld_module_is_refused(library, run, cell):
    run("withhold('shelf.rules.adam', because='adam')")
    with pytest.raises(WithheldError, match=r"shelf\.rules\.adam is withheld"):
        run(cell)


def test_the_library_itself_goes_on_using_what_is_withheld(library, run):
    run("withhold('shelf.rules.Adam', 'shelf.rules.adam', because='adam')")
    notebook = run("import shelf.again, shelf.late; from shelf.rules.sgd import SGD")
    one, two = notebook["shelf"].again.make()
    three = notebook["shelf"].late.make()
    assert {type(x).__name__ for x in (one, two, three)} == {"Adam"}


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("import nowhere", "nowhere"),
        ("from nowhere.optim import Adam", "nowhere"),
        ("import nowhere.optim as optim", "nowhere"),
    ],
)
def test_what_is_not_installed_is_refused_all_the_same(run, cell, name):
    run("withhold('nowhere', because='adam')")
    with pytest.raises(WithheldError, match=f"{name}.* is withheld"):
        run(cell)


def test_a_message_can_be_caught_as_an_import_error(run):
    run("withhold('nowhere', because='adam')")
    run("try:\n    import nowhere\nexcept ImportError:\n    nowhere = None")


def test_other_code_may_import_what_the_notebook_may_not(library, run):
    """This file is no notebook."""
    run("withhold('shelf.rules.adam', 'shelf.Adam', because='adam')")
    from shelf import Adam
    from shelf.rules.adam import make

    assert isinstance(make(), Adam)


def test_lifting_and_repeating_leave_no_trace(library, run):
    finders = list(sys.meta_path)
    for _ in range(2):  # a setup cell that runs twice
        notebook = run("withhold('shelf.rules.Adam', because='adam')")
    assert len(sys.meta_path) == len(finders) + 1
    with pytest.raises(WithheldError):
        run("from shelf.rules import Adam")
    (finder,) = (x for x in sys.meta_path if getattr(x, "notebook", 0) is notebook)
    finder.lift()
    assert sys.meta_path == finders
    run("from shelf.rules import Adam; import shelf.rules.adam")
    assert type(sys.modules["shelf.rules"]) is type(sys)


def test_layers_still_call_the_withheld_sigmoid(run):
    run("withhold('course_lib.operations.activations.sigmoid', because='test')")
    with pytest.raises(WithheldError, match="asks you to write it yourself"):
        run("from course_lib.operations.activations import sigmoid")
    with pytest.raises(WithheldError):
        run("from course_lib.operations import activations; activations.sigmoid(0.0)")
    run("from course_lib.operations.activations import tanh")
    value, _ = course_lib.operations.activations.sigmoid(np.zeros(2))
    assert value.tolist() == [0.5, 0.5]
