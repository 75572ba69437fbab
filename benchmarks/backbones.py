"""Every published network at full size beside torch's: counts, outputs, gradients.

    python -m benchmarks.backbones [--only resnet] [--batch 2]

The tests compare small networks of each kind. This compares the published ones, with
the published input, in float64 and in training mode, dropout off; it takes some minutes
and gigabytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

from course_lib import backbones
from course_lib.analysis import summary
from course_lib.graph import Node, backpropagate
from tests.course_lib.backbones.row import Row, Zeros, relative_error, shapes_of
from tests.course_lib.backbones.test_backbones import ROWS

RESULTS = Path(__file__).parent.parent / "_build/benchmarks/backbones.json"
COLUMNS = (
    "network",
    "published",
    "ours",
    "mult-adds published",
    "ours",
    "output",
    "gradients",
    "lines",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a part of the network's name")
    parser.add_argument("--batch", type=int, default=2)
    options = parser.parse_args()
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    results = []
    for row in ROWS:
        if options.only in row.name:
            found = compare(row, options.batch)
            results.append(dict(zip(COLUMNS_IN_JSON, found, strict=True)))
            print("| " + " | ".join(map(_text, found)) + " |", flush=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


COLUMNS_IN_JSON = (
    "name",
    "published_parameters",
    "parameters",
    "published_mult_adds",
    "mult_adds",
    "output",
    "gradients",
    "lines",
)


def compare(row: Row, batch: int) -> tuple:
    """The row of the table: largest relative differences of the output and of any
    gradient, of parameters and inputs."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    theirs = row.torch().double()
    ours = row.make(Zeros()).astype(np.float64)
    for layer in [*theirs.modules(), *ours.layers()]:
        if "Dropout" in type(layer).__name__:
            layer.p = 0.0
    ours.load_state_dict({row.key(k): v for k, v in theirs.state_dict().items()})
    counted = summary(ours, *[(1, *shape) for shape in shapes_of(row.shape)])
    xs = [rng.normal(size=(batch, *shape)) for shape in shapes_of(row.shape)]
    tensors = [torch.tensor(x, requires_grad=True) for x in xs]
    expected = theirs(*tensors)
    dy = rng.normal(size=expected.shape)
    expected.backward(torch.tensor(dy))
    nodes = [Node(x) for x in xs]
    y = ours(*nodes)
    gradients = backpropagate(y, nodes, gradient=dy)
    named = dict(ours.named_parameters())
    pairs = [
        (gradients[named[row.key(k)]], p.grad) for k, p in theirs.named_parameters()
    ]
    pairs += [(gradients[x], t.grad) for x, t in zip(nodes, tensors, strict=True)]
    # A bias before a batch norm has the gradient 0, of which both compute noise.
    largest = max(float(t.abs().max()) for _, t in pairs)
    worst = max(relative_error(a, b, floor=1e-6 * largest) for a, b in pairs)
    return (
        row.name,
        row.parameters,
        sum(p.value.size for p in named.values()),
        row.mult_adds[0] if row.mult_adds else None,
        counted.mult_adds,
        float(relative_error(y.value, expected.detach())),
        float(worst),
        _lines(row.name),
    )


def _lines(name: str) -> int:
    module = sys.modules[getattr(backbones, name).__module__]
    return len(Path(module.__file__).read_text(encoding="utf-8").splitlines())


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and value < 1:
        return f"{value:.1e}"
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)


if __name__ == "__main__":
    main()
