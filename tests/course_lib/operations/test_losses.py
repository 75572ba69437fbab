"""The list of all losses, and what they have in common."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

import course_lib.operations
from course_lib.operations import losses

MODULES = [
    import_module(f"course_lib.operations.{path.stem}")
    for path in sorted(Path(course_lib.operations.__path__[0]).glob("*_losses.py"))
]
LOSSES = {
    name: function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
}


def test_the_list_is_complete():
    assert sorted(LOSSES) == losses.__all__
    for name, function in LOSSES.items():
        assert getattr(losses, name) is function


@pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))
def test_what_was_wanted_is_the_setting_labels(loss):
    parameters = inspect.signature(loss).parameters.values()
    settings = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    assert [p.name for p in settings if p.default is p.empty] == ["labels"]
