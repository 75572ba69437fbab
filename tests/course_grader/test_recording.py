"""The record of what a test saw of a student's code."""

from typing import Any

import numpy as np
import pytest

from course_grader.recording import MOST_ENTRIES, Recorder

TEST = "<cell test>"

ANSWERS = """
import functools

def double(x):
    return 2 * x

def quadruple(x):
    return double(double(x))

def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)

def add_one(x):
    x += 1

def square(x):
    def backward(dy):
        return 2 * x * dy
    return x**2, backward

def fail(x):
    raise KeyError(x)

def call(function, x):
    return function(x)

triple = lambda x: 3 * x
half = functools.partial(lambda k, x: x / k, 2)
answer = 42.0

class Counter:
    start = 10

    def __init__(self, step):
        self.step_size = step
        self.count = self.start

    def step(self, x):
        self.count += self.step_size
        x["count"] = self._hidden()

    def _hidden(self):
        return self.count

    def __call__(self, x):
        return self.count * x

    @staticmethod
    def name():
        return "counter"

    @classmethod
    def fresh(cls):
        return cls(1)
"""
NAMES = [
    *("double", "quadruple", "depth", "add_one", "square", "fail", "call", "triple"),
    *("half", "answer", "Counter", "not_there"),
]


def record(test: str, answers: str = ANSWERS) -> list[dict[str, Any]]:
    """The entries of a test that runs behind these answers."""
    namespace: dict[str, Any] = {"np": np}
    exec(answers, namespace)
    before = dict(namespace), dict(vars(namespace["Counter"]))
    recorder = Recorder(namespace, NAMES, TEST)
    with recorder.recording({"answer"} if "answer" in test else set()):
        exec(compile(test, TEST, "exec"), namespace)
    kept = {name: namespace[name] for name in before[0]}
    assert kept == before[0], "the names are not what they were"
    assert dict(vars(namespace["Counter"])) == before[1]
    return recorder.entries


def calls(entries: list[dict[str, Any]]) -> list[str]:
    return [entry.get("call") or entry["name"] for entry in entries]


def test_records_calls_with_their_results() -> None:
    assert record("double(3)\ntriple(2.0)\nhalf(3)") == [
        {"call": "double", "returned": ["number", "integer", 6]},
        {"call": "triple", "returned": ["number", "float64", 6.0]},
        {"call": "half", "returned": ["number", "float64", 1.5]},
    ]


def test_records_what_the_test_calls_and_nothing_below() -> None:
    assert calls(record("quadruple(1)")) == ["quadruple"]
    assert calls(record("call(double, 1)")) == ["call"]


def test_a_recursion_goes_as_deep_as_ever() -> None:
    assert record("depth(800)")[0]["returned"][-1] == 800


def test_records_arguments_that_were_changed() -> None:
    entries = record("x = np.zeros(2)\nadd_one(x)\ndouble(x)")
    assert "changed" in entries[0]
    assert "changed" not in entries[1]


def test_records_exceptions_by_type() -> None:
    entries = record("try:\n    fail(4711)\nexcept KeyError:\n    double(1)")
    assert entries[0] == {"call": "fail", "raised": "KeyError"}
    assert calls(entries) == ["fail", "double"]


def test_records_a_returned_backward() -> None:
    entries = record("y, backward = square(3.0)\nbackward(1.0)\nbackward(2.0)")
    assert calls(entries) == ["square", "square()[1]", "square()[1]"]
    assert entries[2]["returned"] == ["number", "float64", 12.0]


def test_records_classes_methods_and_what_the_test_reads() -> None:
    entries = record(
        "c = Counter(2)\nx = {}\nc.step(x)\nc.count\nc(3)\nCounter.name()\n"
        "Counter.fresh()\nassert type(c) is Counter and isinstance(c, Counter)"
    )
    assert calls(entries) == [
        *("Counter", "Counter.step", "Counter.count", "Counter.__call__"),
        *("Counter.name", "Counter.fresh"),
    ]
    assert entries[1]["changed"] == [
        ["mapping", [[["text", "count"], ["number", "integer", 12]]]]
    ]
    assert entries[2]["value"] == ["number", "integer", 12]


def test_what_a_library_reads_from_an_object_is_not_recorded() -> None:
    """Which of its attributes it reads, and when, is no behavior of the student's."""
    library = "import string\nstring.Formatter().format('{0.count}', Counter(2))"
    assert calls(record(library)) == ["Counter"]
    assert calls(record("f'{Counter(2).count}'")) == ["Counter", "Counter.count"]


def test_records_values_that_the_test_reads() -> None:
    assert record("answer") == [
        {"name": "answer", "value": ["number", "float64", 42.0]}
    ]
    assert record("pass") == []


def test_unwraps_when_the_test_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        record("double(1)\n1 / 0")


def test_an_endless_test_leaves_a_finite_record() -> None:
    assert len(record("for i in range(5000): double(i)")) == MOST_ENTRIES


def test_an_old_backward_is_not_recorded_later() -> None:
    namespace: dict[str, Any] = {}
    exec(ANSWERS, namespace)
    first, second = (Recorder(namespace, NAMES, TEST) for _ in range(2))
    with first.recording(set()):
        exec("y, backward = square(3.0)", namespace)
    with second.recording(set()):
        exec("backward(1.0)", namespace)
    assert calls(first.entries) == ["square"]
    assert second.entries == []


def test_two_ways_of_writing_leave_one_record() -> None:
    loop = ANSWERS.replace("return 2 * x\n", "return sum(x for _ in range(2))\n")
    test = "double(0.1)\nquadruple(0.3)"
    assert record(test) == record(test, loop)
