"""Mutants that change nothing that can be observed, each with the reason.

By (file, function, before, after), as tools/mutants.py prints them.
"""

EQUIVALENT: dict[tuple[str, str, str, str], str] = {}
