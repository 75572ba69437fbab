"""Values as JSON, to be compared by what they are and not by how they were computed.

A recorded value is a list that begins with its kind: ["number", "float64", 0.5],
["array", dtype, shape, bytes], ["sequence", [...]], ["mapping", [...]], ["object",
type]. Nothing is pickled: reading one back can't run code.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

Recorded = list[Any]

# Two computations of one value differ by rounding; different algorithms differ by more.
RTOL = 1e-6
# Entries this much below the largest are the rounding errors of what cancels.
ATOL_OF_LARGEST = 1e-12

WHOLE = 1_000  # an array of more entries is recorded by a sample of them, and their sum
SAMPLE = 256
LONGEST_TEXT = 1_000
DEEPEST = 6
MOST_ITEMS = 200
DIGITS = 5  # of a number, in a digest


def recorded(value: Any, depth: int = 0) -> Recorded:
    """The value as JSON.

    What has no value of its own, a function or an object, is known by its type, and by
    its `value` where that is an array, as a graph's nodes have it.
    """
    if value is None:
        return ["none"]
    if isinstance(value, str):
        return ["text", value[:LONGEST_TEXT]]
    if isinstance(value, bytes):
        return ["bytes", hashlib.sha256(value).hexdigest()]
    if isinstance(value, bool | int | float | complex | np.generic):
        return _number(np.asarray(value))
    if isinstance(value, np.ndarray):
        return _array(value, depth)
    if depth >= DEEPEST:
        return ["deep"]
    if isinstance(value, list | tuple):
        return ["sequence", [recorded(x, depth + 1) for x in value[:MOST_ITEMS]]]
    if isinstance(value, Mapping):
        items = list(value.items())[:MOST_ITEMS]
        pairs = [[recorded(k, depth + 1), recorded(x, depth + 1)] for k, x in items]
        return ["mapping", sorted(pairs, key=lambda pair: json.dumps(pair[0]))]
    if isinstance(value, Set):
        return ["set", sorted((recorded(x, depth + 1) for x in value), key=json.dumps)]
    name = type(value).__name__
    try:
        inner = getattr(value, "value", None)
    except Exception:
        inner = None
    if isinstance(inner, np.ndarray):
        return ["object", name, _array(inner, depth)]
    return ["object", name]


def equal(a: Any, b: Any, *, atol: float = ATOL_OF_LARGEST) -> bool:
    """Whether two recorded values are the same, up to rounding.

    Args:
        atol: absolute tolerance, as a part of the array's largest entry. With 0, an
            entry's own digits count, however small it is.
    """
    if isinstance(a, list) and isinstance(b, list) and a and b and a[0] == b[0]:
        if a[0] == "number":
            return _numbers_equal(a, b)
        if a[0] in ("array", "sample"):
            return a[1:3] == b[1:3] and _close(_data(a), _data(b), atol)
    if isinstance(a, list) and isinstance(b, list):
        pairs = zip(a, b, strict=False)
        return len(a) == len(b) and all(equal(x, y, atol=atol) for x, y in pairs)
    return bool(a == b)


def digest(value: Any) -> str:
    """A short name for a recorded value, the same for equal values (but for the rare
    number at the edge of rounding)."""
    text = json.dumps(_rounded(value), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _number(x: NDArray[Any]) -> Recorded:
    if x.dtype.kind in "biu":
        return ["number", "integer", int(x)]
    if x.dtype.kind == "f":
        return ["number", x.dtype.name, float(x)]
    if x.dtype.kind == "c":
        return ["number", x.dtype.name, [float(x.real), float(x.imag)]]
    return ["text", str(x)[:LONGEST_TEXT]]


def _array(x: NDArray[Any], depth: int) -> Recorded:
    if x.dtype.kind == "O":
        items = [recorded(item, depth + 1) for item in x.ravel()[:MOST_ITEMS].tolist()]
        return ["objects", list(x.shape), items]
    if x.dtype.kind not in "biufc":
        return ["text array", list(x.shape), [str(i) for i in x.ravel()[:MOST_ITEMS]]]
    if x.ndim == 0:
        return _number(x)
    dtype, shape = x.dtype.newbyteorder("<").str, list(x.shape)
    if x.size <= WHOLE:
        return ["array", dtype, shape, _bytes(x, dtype)]
    places = np.linspace(0, x.size - 1, SAMPLE).astype(int)
    wide = np.complex128 if x.dtype.kind == "c" else np.float64
    with np.errstate(all="ignore"):
        total = x.astype(wide, copy=False).sum()
    sample = np.append(x.ravel()[places].astype(wide), total)
    stored = sample.dtype.newbyteorder("<").str
    return ["sample", dtype, shape, _bytes(sample, stored), stored]


def _bytes(x: NDArray[Any], dtype: str) -> str:
    return base64.b64encode(np.ascontiguousarray(x, dtype).tobytes()).decode()


def _data(value: Recorded) -> NDArray[Any]:
    dtype = value[4] if value[0] == "sample" else value[1]
    return np.frombuffer(base64.b64decode(value[3]), dtype)


def _numbers_equal(a: Recorded, b: Recorded) -> bool:
    # 0 for 0.0 is no difference in behavior; float32 for float64 is.
    if a[1] != b[1] and "integer" not in (a[1], b[1]):
        return False
    return _close(np.atleast_1d(a[2]), np.atleast_1d(b[2]), 0.0)


def _close(a: NDArray[Any], b: NDArray[Any], atol: float) -> bool:
    if a.dtype.kind in "biu" and b.dtype.kind in "biu":
        return np.array_equal(a, b)
    finite = np.abs(b[np.isfinite(b)])
    atol *= float(finite.max(initial=0.0))
    return bool(np.allclose(a, b, rtol=RTOL, atol=atol, equal_nan=True))


def _rounded(value: Any) -> Any:
    if isinstance(value, list) and value and value[0] in ("array", "sample"):
        return [*value[:3], _rounded(_data(value).tolist())]
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, complex):
        return [_rounded(value.real), _rounded(value.imag)]
    if isinstance(value, float):
        return f"{value:.{DIGITS - 1}e}".replace("-0.", "0.")
    return value
