"""How much memory a convolution takes at its peak, more than its inputs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import torch

from benchmarks.measuring import Case
from course_lib.operations.convolution import conv2d

LAYOUTS = "contiguous_format", "channels_last"


def cases(*, scale: float) -> Iterator[Case]:
    n, channels = int(np.ceil(16 * scale)), 64
    yield Case(
        f"convolution 3×3, {channels} to {channels}, {n} images of 56×56, peak memory",
        partial(peak_mebibytes, "ours", n, channels),
        lambda: min(peak_mebibytes(layout, n, channels) for layout in LAYOUTS),
        4.0,
        unit="MiB",
    )


def peak_mebibytes(which: str, n: int, channels: int) -> float:
    """By how much a process grows that does it, which is why it needs one of its own.

    Args:
        which: "ours", or the layout of torch's images.
        n, channels: of the images.
    """
    command = [sys.executable, "-m", __name__, which, str(n), str(channels)]
    # Of arrays that are freed nothing stays, or it would be there before the peak.
    environment = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    run = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    )
    return int(run.stdout) / 2**20


def ours(n: int, channels: int, size: int) -> Callable[[], object]:
    """Forward and backward; all arrays are made here, none larger than needed."""
    x = np.moveaxis(np.ones((channels, size, size, n), np.float32), -1, 0)
    dy = np.ones_like(x)
    w, b = (
        np.ones((channels, channels, 3, 3), np.float32),
        np.ones(channels, np.float32),
    )

    def run() -> object:
        y, backward = conv2d(x, w, b, padding=1)
        return y, backward(dy)

    return run


def theirs(
    n: int, channels: int, size: int, layout: torch.memory_format
) -> Callable[[], object]:
    """The same in torch."""
    x = torch.empty(n, channels, size, size, memory_format=layout).fill_(1)
    dy = torch.ones_like(x)
    w, b = torch.ones(channels, channels, 3, 3), torch.ones(channels)
    w = w.contiguous(memory_format=layout)
    for tensor in (x, w, b):
        tensor.requires_grad_()

    def run() -> object:
        y = torch.nn.functional.conv2d(x, w, b, padding=1)
        return y, torch.autograd.grad(y, (x, w, b), dy)

    return run


def peak() -> int:
    """The most bytes that this process has taken so far."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux; what getrusage says there begins at the parent's peak
        line = next(x for x in status.read_text().splitlines() if "VmHWM" in x)
        return int(line.split()[1]) * 1024
    import resource  # which Windows does not have

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS: bytes


def main() -> None:
    """Print by how many bytes this process grows."""
    which, n, channels = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    make = ours if which == "ours" else partial(theirs, layout=getattr(torch, which))
    make(1, channels, 4)()  # what the libraries load when they are first used
    run = make(n, channels, 56)
    before = peak()
    kept = run()
    print(peak() - before)
    del kept


if __name__ == "__main__":
    main()
