"""Plant small mistakes in the library, and see whether the tests notice them.

    mutants.py [--count 400] [--seed 0] [--only operations/losses.py] [--jobs 2]

Each mutant is a copy of one module of course_lib with one change, run against the tests
of its family alone: its table, its own tests; for the graph, the tests of the graph.
A mutant that no test notices either shows a gap in the tests or changes nothing; those
that change nothing are listed in tools/equivalent_mutants.py, each with its proof.
Needs fork: Linux or macOS.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib.abc
import importlib.util
import os
import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from equivalent_mutants import EQUIVALENT
from mutations import Mutation, mutations

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "course_lib"
TESTS = ROOT / "tests/course_lib"
MUTATED = ["operations", "optimizers", "graph.py", "call.py", "gradients.py"]
MUTATED += ["operators.py"]
LIMIT = 30  # seconds of the processor: a mutant that runs for ever is noticed, too


@dataclass(frozen=True)
class Mutant:
    """A mutation of one module: `file` is its path within course_lib."""

    file: str
    mutation: Mutation

    def __str__(self) -> str:
        m = self.mutation
        where = f"{self.file}:{m.line} {m.function}"
        return f"{where}:  {m.before}  →  {m.after}".replace("\n", "⏎")

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it when lines have moved."""
        m = self.mutation
        return self.file, m.function, m.before, m.after


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="a part of the file's path")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    everything = all_mutants(options.only)
    count = min(options.count, len(everything))
    chosen = random.Random(options.seed).sample(everything, count)
    start = time.monotonic()
    survivors = run_all(chosen, jobs=options.jobs)
    unproved = [m for m in survivors if m.key not in EQUIVALENT]
    print(
        f"{count} of {len(everything)} mutants, seed {options.seed}: "
        f"{len(survivors)} survive ({len(survivors) / count:.1%}), "
        f"{len(unproved)} of them unproved; {time.monotonic() - start:.0f} s"
    )
    in_backward = [m for m in unproved if "backward" in m.mutation.function]
    return 1 if in_backward or len(unproved) > 0.05 * count else 0


def all_mutants(only: str) -> list[Mutant]:
    """Every mutant of the parts that are mutated."""
    paths = [LIBRARY / name for name in MUTATED]
    files = [
        f for p in paths for f in ([p] if p.is_file() else sorted(p.rglob("*.py")))
    ]
    names = [f.relative_to(LIBRARY).as_posix() for f in files]
    return [
        Mutant(name, mutation)
        for name in names
        if only in name and not name.endswith("__init__.py")
        for mutation in mutations((LIBRARY / name).read_text(encoding="utf-8"))
    ]


def run_all(mutants: Sequence[Mutant], *, jobs: int) -> list[Mutant]:
    """Run each mutant's tests, `jobs` at a time; those that no test notices."""
    import numpy  # noqa: F401  -- children inherit what is imported here
    import pytest  # noqa: F401
    import torch

    torch.set_num_threads(1)
    gc.freeze()  # or each child copies all objects, to count them
    survivors: list[Mutant] = []
    running: dict[int, Mutant] = {}
    for done, mutant in enumerate([*mutants, *[None] * jobs], start=1 - jobs):
        if len(running) == jobs or (running and mutant is None):
            pid, status = os.wait()
            while pid not in running:  # a child of somebody else's
                pid, status = os.wait()
            finished = running.pop(pid)
            if os.waitstatus_to_exitcode(status) == 0:
                survivors.append(finished)
                proved = ", which changes nothing" * (finished.key in EQUIVALENT)
                print(f"[{done}] survives{proved}: {finished}", flush=True)
        if mutant is not None:
            running[_fork(mutant)] = mutant
    return survivors


def family_tests(file: str) -> list[str]:
    """The arguments for pytest that select the tests of a module's family."""
    part, _, name = file.partition("/")
    stem = Path(name or part).stem
    if part == "optimizers":
        return [str(TESTS / "optimizers")]
    if part != "operations":
        return [str(TESTS / "test_graph.py"), str(TESTS / "layers/test_layer.py")]
    tests = TESTS / "operations"
    own = [str(path) for path in sorted(tests.glob(f"test_{stem}*.py"))]
    table = str(tests / "test_tables.py")
    if not (tests / "tables" / f"{stem}.py").exists():
        return [str(tests)]  # a part that several families share
    tree = ast.parse((LIBRARY / file).read_text(encoding="utf-8"))
    functions = [n.name for n in tree.body if isinstance(n, ast.FunctionDef)]
    public = " or ".join(n for n in functions if not n.startswith("_"))
    files = " or ".join(Path(path).name for path in own)
    return [*own, table, "-k", f"{public} or {files}" if files else public]


def _fork(mutant: Mutant) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = _run(mutant)
        finally:
            os._exit(code)
    return pid


def _run(mutant: Mutant) -> int:
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.chdir(ROOT)
    for name in list(sys.modules):  # what a caller has imported is not the mutant
        if name.partition(".")[0] in {"course_lib", "tests"}:
            del sys.modules[name]
    sys.path.insert(0, str(ROOT))
    sys.meta_path.insert(0, _Finder(mutant))
    settings = "addopts=-W error --import-mode=importlib"
    arguments = ["-x", "-q", "-p", "no:cacheprovider", "-o", settings]
    return int(pytest.main([*arguments, *family_tests(mutant.file)]))


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the mutant in its module's place."""

    def __init__(self, mutant: Mutant) -> None:
        self.path = LIBRARY / mutant.file
        self.name = "course_lib." + mutant.file.removesuffix(".py").replace("/", ".")
        tree = mutant.mutation.made_in(self.path.read_text(encoding="utf-8"))
        self.code = compile(tree, str(self.path), "exec")

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, vars(module))


if __name__ == "__main__":
    sys.exit(main())
