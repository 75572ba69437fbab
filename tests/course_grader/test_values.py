"""Recorded values: the same for what is the same, and JSON all the way."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_grader.values import digest, equal, recorded


class Node:
    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:  # the same in every process that collects the tests
        return f"Node({self.value!r})"


def through_json(value: object) -> Any:
    return json.loads(json.dumps(recorded(value)))


LARGE = np.random.default_rng(0).normal(size=(50, 60))

SAME = [
    (1.0, np.float64(1.0)),
    (0, 0.0),
    (np.array(2.5), 2.5),
    ((1, 2), [1, 2]),
    (np.arange(3.0), np.arange(3.0) * (1 + 1e-12)),
    (np.array([1.0, 0.0]), np.array([1.0, 1e-17])),
    (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
    ({"a": 1, "b": LARGE}, {"b": LARGE + 1e-14, "a": 1}),
    (np.arange(4.0).reshape(2, 2).T, np.array([[0.0, 2.0], [1.0, 3.0]])),
    (Node(np.ones(2)), Node(np.ones(2))),
    (LARGE, LARGE[::-1][::-1]),
    (1j, np.complex128(1j)),
    (float("nan"), float("nan")),
    (print, len),
]

DIFFERENT = [
    (1.0, 1.001),
    (1.0, "1.0"),
    (1.0, None),
    (1.0, np.float32(1.0)),
    (np.ones(2), np.ones(2, np.float32)),
    (np.ones(2), np.ones(2, int)),
    (np.ones(2), np.ones((2, 1))),
    (np.ones(2), [1.0, 1.0]),
    (np.array([1.0, 0.0]), np.array([1.0, 1e-6])),
    (np.array([0.0]), np.array([np.nan])),
    (np.array([np.inf]), np.array([-np.inf])),
    ((1, 2), (1, 2, 3)),
    ({"a": 1}, {"a": 2}),
    (LARGE, LARGE + 1e-3 * (np.arange(60) == 7)),
    (Node(np.ones(2)), Node(np.zeros(2))),
    (np.array(["a"]), np.array(["b"])),
    (b"a", b"b"),
]


@pytest.mark.parametrize(("a", "b"), SAME, ids=repr)
def test_same_values_are_equal(a: object, b: object) -> None:
    assert equal(through_json(a), through_json(b))


@pytest.mark.parametrize(("a", "b"), DIFFERENT, ids=repr)
def test_different_values_are_not(a: object, b: object) -> None:
    assert not equal(through_json(a), through_json(b))
    assert digest(through_json(a)) != digest(through_json(b))


def test_small_entries_count_where_they_are_asked_for() -> None:
    a, b = through_json(np.array([1.0, 1e-20])), through_json(np.array([1.0, 2e-20]))
    assert equal(a, b)
    assert not equal(a, b, atol=0)


def test_a_digest_forgives_rounding() -> None:
    x = np.random.default_rng(1).normal(size=20)
    assert digest(recorded(x)) == digest(recorded(x * (1 + 1e-12)))
    assert digest(recorded(0.0)) == digest(recorded(-0.0))


def circle() -> object:
    items: list[object] = []
    items.append(items)
    return items


def broken() -> object:
    class Broken:
        @property
        def value(self) -> None:
            raise RuntimeError

    return Broken()


@pytest.mark.parametrize("make", [circle, broken])
def test_odd_objects_are_recorded_too(make: Callable[[], object]) -> None:
    assert through_json(make())


def test_a_record_stays_small() -> None:
    assert len(json.dumps(recorded(np.zeros(10**6)))) < 10_000
    assert len(json.dumps(recorded("x" * 10**6))) < 10_000
    assert len(json.dumps(recorded(list(range(10**6))))) < 20_000
