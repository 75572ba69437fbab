"""The benchmarks run. How long things take is for `make bench` to say."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_case_runs_and_is_reported(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--output", str(output)]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    results = json.loads(output.read_text(encoding="utf-8"))
    assert len(results) >= 5
    for result in results:
        assert result.keys() == {"name", "ratio", "bound", "better"}
        assert result["ratio"] > 0
        assert result["bound"] > 0
        assert result["better"] == "lower"
        assert result["name"] in run.stdout
