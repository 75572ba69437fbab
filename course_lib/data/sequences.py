"""Sequences whose end depends on their beginning: tasks for a long memory.

Samples come first, as for all data dealt in batches: x is (N, T, D). A recurrent layer
that takes (T, N, D) gets `x.swapaxes(0, 1)`.
"""

import numpy as np

from course_lib.data.points import balanced_labels
from course_lib.types import Array


def make_adding(
    n: int, *, rng: np.random.Generator, steps: int = 50
) -> tuple[Array, Array]:
    """Add the two numbers that are marked (Hochreiter and Schmidhuber, 1997, task 4).

    Who always answers 1 has a mean squared error of 1/6, the variance of the sum: that
    is what a network has to beat. (Here numbers are from 0 to 1, as for Le, Jaitly and
    Hinton, 2015, and all sequences are of one length.)

    Args:
        n: how many sequences.
        rng: draws the numbers and marks.
        steps: T, at least 2.

    Returns:
        x: float64 of shape (n, steps, 2): a number from 0 to 1, and 1 where it is
            marked: once in the first half of the steps, once in the second.
        y: float64 of shape (n, 1), the marked numbers' sum.

    Raises:
        ValueError: there are fewer than 2 steps.
    """
    if steps < 2:
        raise ValueError(f"make_adding: steps is {steps}, expected at least 2.")
    numbers, marks = rng.random((n, steps)), np.zeros((n, steps))
    half = steps // 2
    each = np.arange(n)
    marks[each, rng.integers(half, size=n)] = 1
    marks[each, rng.integers(half, steps, size=n)] = 1
    y = (numbers * marks).sum(axis=1, keepdims=True)
    return np.stack([numbers, marks], axis=2), y


def make_recall(
    n: int, *, rng: np.random.Generator, steps: int = 30, symbols: int = 4
) -> tuple[Array, Array]:
    """Name the first symbol after all others have passed, which are noise.

    Args:
        n: how many sequences.
        rng: draws the symbols.
        steps: T, at least 1.
        symbols: how many there are, which is D.

    Returns:
        x: float64 of shape (n, steps, symbols), one-hot.
        labels: int64 of shape (n,), the first symbol; each as often as the others.
    """
    drawn = rng.integers(symbols, size=(n, steps))
    drawn[:, 0] = balanced_labels(n, symbols, rng)
    return np.eye(symbols)[drawn], drawn[:, 0]


def make_copying(
    n: int,
    *,
    rng: np.random.Generator,
    length: int = 5,
    delay: int = 20,
    symbols: int = 8,
) -> tuple[Array, Array]:
    """Repeat a word after a delay (as in Arjovsky, Shah and Bengio, 2016).

    A word, blanks, a sign to start, blanks; wanted are blanks, and at the end the word.
    Who remembers nothing has a cross-entropy of length · ln(symbols) / T at best.

    Args:
        n: how many sequences.
        rng: draws the words.
        length: of the word.
        delay: how many steps after the word the sign comes, at least 1.
        symbols: how many letters there are, numbered from 1; 0 is blank, and
            `symbols + 1` the sign.

    Returns:
        x: float64 of shape (n, T, symbols + 2), one-hot, with T = delay + 2 length.
        labels: int64 of shape (n, T), from 0 to `symbols`: what is wanted at each step.

    Raises:
        ValueError: the delay is less than 1.
    """
    if delay < 1:
        raise ValueError(f"make_copying: delay is {delay}, expected at least 1.")
    word = rng.integers(1, symbols + 1, size=(n, length))
    shown = np.zeros((n, delay + 2 * length), dtype=np.int64)
    wanted = np.zeros_like(shown)
    shown[:, :length] = word
    shown[:, length + delay - 1] = symbols + 1
    wanted[:, length + delay :] = word
    return np.eye(symbols + 2)[shown], wanted
