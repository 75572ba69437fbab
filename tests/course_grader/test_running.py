"""A notebook's cells in a process of their own, whatever they do."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from course_grader.running import Limits, Result, Run, run

Cell = tuple[str, dict[str, Any]]


def setup(source: str) -> Cell:
    return source, {"grade_id": "setup", "grade": False, "solution": False}


def answer(name: str, source: str) -> Cell:
    return source, {"grade_id": name, "grade": False, "solution": True}


def check(name: str, source: str, points: int = 1) -> Cell:
    marks = {"grade_id": name, "grade": True, "solution": False, "points": points}
    return source, marks


def plain(source: str) -> Cell:
    return source, {}


def notebook(*cells: Cell) -> dict[str, Any]:
    return {
        "cells": [
            {
                "cell_type": "code",
                "id": f"id-{i}",
                "source": source,
                "metadata": {"nbgrader": marks} if marks else {},
            }
            for i, (source, marks) in enumerate(cells)
        ]
    }


def outcomes(done: Run) -> dict[str, str]:
    """What became of the cells: "passed", or the kind of failure."""
    return {
        x.name or str(x.index): x.failure.kind if x.failure else "passed"
        for x in done.results
    }


def test_marks_are_the_points_of_the_tests_that_pass() -> None:
    done = run(
        notebook(
            answer("f", "def f(x):\n    return x + 1"),
            check("test_one", "assert f(1) == 2", 2),
            check("test_two", "assert f(1) == 3", 3),
            check("test_three", "assert f(2) == 3", 4),
        )
    )
    assert (done.score, done.max_score) == (6, 9)
    assert done.failed == ["test_two"]
    assert [x.score for x in done.results] == [0, 2, 0, 4]


def test_what_a_notebook_prints_draws_and_warns_of_costs_nothing() -> None:
    done = run(
        notebook(
            plain("%matplotlib inline\nimport matplotlib.pyplot as plt, warnings, sys"),
            plain("plt.plot([1, 2])\nplt.show()\ndisplay(plt.gcf())"),
            answer(
                "f",
                "def f():\n    print('σ', file=sys.stderr)\n    warnings.warn('w')\n"
                "    return 1",
            ),
            check("test_f", "assert f() == 1"),
        )
    )
    assert set(outcomes(done).values()) == {"passed"}
    assert "σ" in done.tests["test_f"].stdout


def test_a_cell_that_fails_leaves_the_others_their_points() -> None:
    done = run(
        notebook(
            plain("1 / 0"),
            answer("f", "def f(:"),
            answer("g", "def g():\n    return 1"),
            check("test_f", "f()"),
            check("test_g", "assert g() == 1"),
        )
    )
    assert outcomes(done) == {
        "0": "ZeroDivisionError",
        "f": "SyntaxError",
        "g": "passed",
        "test_f": "NameError",
        "test_g": "passed",
    }


CRASHES = {
    "exits": "import os\n    os._exit(0)",
    "aborts": "import os\n    os.abort()",
    "closes everything": "import os\n    os.closerange(0, 50)\n    os._exit(0)",
}


@pytest.mark.parametrize("body", CRASHES.values(), ids=CRASHES)
def test_a_crash_costs_its_own_test(body: str) -> None:
    done = run(
        notebook(
            answer("f", f"def f():\n    {body}"),
            answer("g", "def g():\n    return 1"),
            check("test_before", "assert g() == 1"),
            check("test_f", "f()"),
            check("test_after", "assert g() == 1"),
        )
    )
    assert outcomes(done) == {
        "f": "passed",
        "g": "passed",
        "test_before": "passed",
        "test_f": "Crash",
        "test_after": "passed",
    }


def test_a_crash_in_an_answer_leaves_the_rest() -> None:
    done = run(
        notebook(
            answer("f", "import os\nos._exit(1)"),
            answer("g", "def g():\n    return 1"),
            check("test_f", "f()"),
            check("test_g", "g()"),
        )
    )
    assert outcomes(done) == {
        "f": "Crash",
        "g": "passed",
        "test_f": "NameError",
        "test_g": "passed",
    }


def test_a_cell_that_hangs_is_stopped() -> None:
    began = time.monotonic()
    done = run(
        notebook(
            answer("f", "def f():\n    while True:\n        pass"),
            check("test_f", "f()"),
            check("test_after", "pass"),
        ),
        limits=Limits(cell_seconds=1),
    )
    assert outcomes(done)["test_f"] == "Timeout"
    assert outcomes(done)["test_after"] == "passed"
    assert "after 1 seconds" in str(done.tests["test_f"].failure)
    assert time.monotonic() - began < 30


def test_a_cell_that_ignores_interrupts_is_stopped() -> None:
    hang = (
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "while True:\n    try:\n        time.sleep(60)\n    except BaseException:\n"
        "        pass"
    )
    done = run(notebook(plain(hang)), limits=Limits(cell_seconds=1))
    assert outcomes(done) == {"0": "Timeout"}


def test_the_whole_notebook_has_a_limit_too() -> None:
    nap = check("test_nap", "import time; time.sleep(60)")
    done = run(
        notebook(check("test_first", "pass"), nap, check("test_last", "pass")),
        limits=Limits(seconds=3),
    )
    assert outcomes(done)["test_nap"] == "Timeout"
    assert outcomes(done)["test_last"] == "NotRun"


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt"])
def test_ending_the_program_is_a_failure(error: str) -> None:
    done = run(
        notebook(
            answer("f", f"def f():\n    raise {error}"),
            check("test_f", "f()"),
            check("test_exit", "import sys\nsys.exit(0)"),
            check("test_after", "pass"),
        )
    )
    assert outcomes(done)["test_f"] == error
    assert outcomes(done)["test_exit"] == "SystemExit"
    assert outcomes(done)["test_after"] == "passed"


@pytest.mark.skipif(sys.platform != "linux", reason="no such limit on this system")
def test_memory_is_limited() -> None:
    done = run(
        notebook(
            check("test_greedy", "x = bytearray(2 * 2**30)"),
            check("test_after", "y = bytearray(2**20)"),
        ),
        limits=Limits(memory=2 * 2**30),
    )
    assert outcomes(done) == {"test_greedy": "MemoryError", "test_after": "passed"}


def test_output_is_limited() -> None:
    done = run(
        notebook(
            check("test_loud", "for i in range(10**5): print('x' * 100)"),
            check("test_fd", "import os\nos.write(1, b'{}\\n' * 10)"),
        ),
        limits=Limits(output=1000),
    )
    assert set(outcomes(done).values()) == {"passed"}
    assert len(done.tests["test_loud"].stdout) < 1100


def test_standard_input_is_empty() -> None:
    done = run(notebook(plain("input()")))
    assert outcomes(done) == {"0": "EOFError"}


def test_processes_that_it_leaves_behind_are_ended() -> None:
    if os.name != "posix":
        pytest.skip("processes have no groups here")
    source = (
        "import subprocess, sys\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(p.pid)"
    )
    done = run(notebook(plain(source)))
    pid = int(done.results[0].stdout)
    for _ in range(50):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return
        if stat.rpartition(")")[2].split()[0] == "Z":
            return  # ended, and waits for init to notice
        time.sleep(0.1)
    pytest.fail("the process still runs")


def test_a_submitted_file_does_not_shadow_a_module(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemError", encoding="utf-8")
    (tmp_path / "data.txt").write_text("7", encoding="utf-8")
    cells = notebook(
        plain("import numpy\nnumpy.zeros(1)"), plain("assert open('data.txt').read()")
    )
    assert set(outcomes(run(cells, folder=tmp_path)).values()) == {"passed"}
    assert outcomes(run(cells))["1"] == "FileNotFoundError"


def test_classes_and_sources_are_found_as_in_a_notebook() -> None:
    source = (
        "import dataclasses, inspect, pickle, sys\n"
        "@dataclasses.dataclass\nclass A:\n    x: 'int' = 1\n"
        "assert __name__ == '__main__' and sys.modules['__main__'].A is A\n"
        "assert pickle.loads(pickle.dumps(A(2))) == A(2)\n"
        "def f():\n    return 1\n"
        "assert inspect.getsource(f) == 'def f():\\n    return 1\\n'"
    )
    assert outcomes(run(notebook(plain(source)))) == {"0": "passed"}


def test_records_where_it_is_asked_to() -> None:
    cells = notebook(answer("f", "def f(x):\n    return x"), check("test_f", "f(2)"))
    assert run(cells).tests["test_f"].calls == []
    entry = {"call": "f", "returned": ["number", "integer", 2]}
    assert run(cells, record=["f"]).tests["test_f"].calls == [entry]


def test_stops_behind_the_last_test_that_is_wanted() -> None:
    cells = notebook(
        check("test_a", "pass"),
        plain("x = 1"),
        check("test_b", "assert x"),
        check("test_c", "pass"),
        plain("raise ValueError"),
    )
    done = run(cells, until=["test_b", "test_a"])
    assert outcomes(done) == {"test_a": "passed", "1": "passed", "test_b": "passed"}


def test_tells_of_each_cell_as_it_goes() -> None:
    seen: list[Result] = []
    done = run(notebook(plain("1"), check("test_a", "pass")), progress=seen.append)
    assert seen == done.results


def test_an_empty_notebook_runs() -> None:
    done = run({"cells": [{"cell_type": "markdown", "source": "", "metadata": {}}]})
    assert (done.results, done.score) == ([], 0)


def test_a_process_that_cannot_start_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "course_grader").mkdir()
    (tmp_path / "course_grader" / "__init__.py").write_text("1 / 0", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        run(notebook(plain("1")))
