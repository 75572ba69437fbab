"""Points in the plane, of classes that some networks can separate and others can't."""

from typing import NamedTuple

import numpy as np

from course_lib.types import Array


def balanced_labels(n: int, classes: int, rng: np.random.Generator) -> Array:
    """n classes in random order, each as often as the others, within one.

    Returns:
        int64 of shape (n,), from 0 to classes − 1.
    """
    return rng.permutation(np.arange(n) % classes)


class Separable(NamedTuple):
    """Two classes and a line between them.

    Attributes:
        x: points, float64 of shape (N, 2).
        labels: 1 where w·x + b > 0, else 0; int64 of shape (N,).
        w: the line's normal, of length 1; float64 of shape (2,).
        b: its bias.
    """

    x: Array
    labels: Array
    w: Array
    b: float


def make_separable(
    n: int, *, rng: np.random.Generator, margin: float = 0.2
) -> Separable:
    """Two classes on the two sides of a line, none nearer to it than the margin.

    With γ the margin and R the largest norm of a point (1, x), a perceptron makes at
    most R² (1 + b²)/γ² mistakes (Novikoff, 1962).

    Args:
        n: how many points; half of each class, within one.
        rng: draws the line and the points.
        margin: γ, the least distance from the line.
    """
    labels = balanced_labels(n, 2, rng)
    direction = rng.uniform(0, 2 * np.pi)
    w = np.array([np.cos(direction), np.sin(direction)])
    along = np.array([-w[1], w[0]])
    b = rng.uniform(-0.5, 0.5)
    distance = (2 * labels - 1) * (margin + np.abs(rng.normal(scale=0.5, size=n)))
    x = np.outer(distance - b, w) + np.outer(rng.normal(scale=0.8, size=n), along)
    return Separable(x, labels, w, b)


def make_xor(
    n: int, *, rng: np.random.Generator, noise: float = 0.1
) -> tuple[Array, Array]:
    """Exclusive or: four clouds around the corners of a square, opposite ones alike.

    No line separates them, and so no perceptron (Minsky and Papert, 1969).

    Args:
        n: how many points. 4 points without noise are the truth table.
        rng: draws the order and the noise.
        noise: the clouds' standard deviation, across and down.

    Returns:
        x: float64 of shape (n, 2), around 0 and 1.
        labels: int64 of shape (n,): 1 where one of the two is 1, else 0.
    """
    corner = balanced_labels(n, 4, rng)
    bits = np.stack([corner % 2, corner // 2], axis=1)
    return bits + rng.normal(scale=noise, size=(n, 2)), bits[:, 0] ^ bits[:, 1]


def make_moons(
    n: int, *, rng: np.random.Generator, noise: float = 0.1
) -> tuple[Array, Array]:
    """Two half circles of radius 1, each with its end inside the other's arc.

    Args:
        n: how many points; half of each class, within one.
        rng: draws where on the arcs they lie, and the noise.
        noise: the standard deviation of what is added to both coordinates.

    Returns:
        x: float64 of shape (n, 2), from about −1 to 2 and −0.5 to 1.
        labels: int64 of shape (n,): 0 for the upper moon, 1 for the lower.
    """
    labels = balanced_labels(n, 2, rng)
    t = rng.uniform(0, np.pi, size=n)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    lower = np.array([1, 0.5]) - upper
    x = np.where(labels[:, None] == 0, upper, lower)
    return x + rng.normal(scale=noise, size=(n, 2)), labels


def make_spirals(
    n: int,
    *,
    rng: np.random.Generator,
    classes: int = 2,
    turns: float = 1,
    noise: float = 0.02,
) -> tuple[Array, Array]:
    """Spirals wound into one another, after Lang and Witbrock (1988).

    Args:
        n: how many points; as many of each class, within one.
        rng: draws where on the spirals they lie, and the noise.
        classes: how many spirals.
        turns: how often each winds round the center.
        noise: the standard deviation of what is added to both coordinates.

    Returns:
        x: float64 of shape (n, 2), within a radius of about 1.
        labels: int64 of shape (n,), from 0 to classes − 1.
    """
    labels = balanced_labels(n, classes, rng)
    # The root spreads the points evenly along the spiral, which is longer outside.
    r = np.sqrt(rng.uniform(0.01, 1, size=n))
    angle = 2 * np.pi * (turns * r + labels / classes)
    x = r[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + rng.normal(scale=noise, size=(n, 2)), labels
