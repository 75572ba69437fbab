"""What a test saw of the answers, and whether two of them are the same.

The evidence of a test is the record of its calls (`recording`), closed by how it ended.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from course_grader import values
from course_grader.running import Result

Evidence = list[dict[str, Any]]


def of(result: Result) -> Evidence:
    """The evidence of one test. Its last entry says where the test failed, if it did,
    and by what kind of exception."""
    failure = result.failure
    end = ["passed"] if failure is None else ["failed", failure.kind, failure.line]
    return [*result.calls, {"end": end}]


def same(a: Evidence, b: Evidence, *, atol: float = values.ATOL_OF_LARGEST) -> bool:
    """Whether two answers behaved the same, from the first call to the end.

    Args:
        atol: as for `values.equal`.
    """
    pairs = zip(a, b, strict=False)
    return len(a) == len(b) and all(_equal(x, y, atol) for x, y in pairs)


def shows(
    student: Evidence,
    mistake: Evidence,
    reference: Evidence,
    *,
    of_cells: Collection[str],
    definitions: Mapping[str, str],
) -> bool:
    """Whether what these cells define behaved like the mistake, and not like the
    reference, as far as the test came.

    What other cells define is passed over: it may be wrong in a way of its own.

    Args:
        definitions: the cell of each recorded name.
    """
    own = [
        _of_cells(evidence, of_cells, definitions)
        for evidence in (student, mistake, reference)
    ]
    pairs = list(zip(own[0], own[1], strict=False))
    if not pairs or not all(_equal(a, b) for a, b in pairs):
        return False
    return any(not _equal(a, b) for a, b in zip(own[0], own[2], strict=False))


def digest(evidence: Evidence) -> str:
    """A short name for this behavior: equal behaviors have equal names."""
    return values.digest([_flat(entry) for entry in evidence])


def _of_cells(
    evidence: Evidence, cells: Collection[str], definitions: Mapping[str, str]
) -> Evidence:
    return [x for x in evidence if definitions.get(_name(x)) in cells]


def _name(entry: Mapping[str, Any]) -> str:
    """The top-level name that an entry belongs to: `Adam` of `Adam.step()[1]`."""
    label = entry.get("call") or entry.get("name") or ""
    return re.split(r"[.(]", label, maxsplit=1)[0]


def _equal(
    a: Mapping[str, Any], b: Mapping[str, Any], atol: float = values.ATOL_OF_LARGEST
) -> bool:
    return values.equal(_flat(a), _flat(b), atol=atol)


def _flat(entry: Mapping[str, Any]) -> Sequence[Any]:
    return [[key, entry[key]] for key in sorted(entry)]
