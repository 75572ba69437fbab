"""Names at the ends of curves, in their colors, instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib.figures.graph_pen import LINE_HEIGHT, TEXT_SIZE, text_width

_OFF = 6.0  # from the axes to the names, in points


class End(NamedTuple):
    """Where a curve ends, and what is written there.

    Attributes:
        name: its label.
        x, y: the last point, in the axes' numbers.
        color: of the curve.
    """

    name: str
    x: float
    y: float
    color: str


def label_ends(figure: Figure, labels: Sequence[tuple[Axes, Sequence[End]]]) -> None:
    """Write names to the right of axes, as high as the curves end, none on another.

    A dotted line leads to a name that had to give way, or whose curve ends early.
    Limits and scales of the axes must be set before.
    """
    names = [end.name for _, ends in labels for end in ends]
    if not names:
        return
    room = (_OFF + max(map(text_width, names))) / 72 / figure.get_figwidth()
    figure.set_layout_engine("constrained", rect=(0, 0, 1 - room, 1))
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes, ends in labels:
        width, height = (size * 72 / figure.dpi for size in axes.bbox.size)
        places = axes.transData.transform([(end.x, end.y) for end in ends])
        points = axes.transAxes.inverted().transform(places)
        heights = spread([y * height for _, y in points], LINE_HEIGHT, room=(0, height))
        for end, (x, y), at in zip(ends, points, heights, strict=True):
            axes.annotate(
                end.name,
                (1, 0),
                (_OFF, at),
                xycoords="axes fraction",
                textcoords="offset points",
                va="center_baseline",
                color=end.color,
                size=TEXT_SIZE,
            )
            if abs(at - y * height) > LINE_HEIGHT / 3 or x < 0.97:
                axes.plot(
                    [x, 1, 1 + (_OFF - 1) / width],
                    [y, y, at / height],
                    transform=axes.transAxes,
                    color=end.color,
                    linestyle=(0, (1, 3)),
                    linewidth=0.8,
                    clip_on=False,
                )


def spread(
    wanted: Sequence[float], distance: float, *, room: tuple[float, float]
) -> list[float]:
    """Numbers as near to the wanted ones as fits, each `distance` from the next.

    Neighbors that are too close form a group, which is centered on its members' mean
    and then moved into the room, where it fits.
    """

    def middle(group: Sequence[int]) -> float:
        half = distance * (len(group) - 1) / 2
        mean = sum(wanted[i] for i in group) / len(group)
        return max(min(mean, room[1] - half), room[0] + half)

    groups: list[list[int]] = []
    for i in sorted(range(len(wanted)), key=lambda i: wanted[i]):
        groups.append([i])
        while len(groups) > 1 and (
            middle(groups[-1]) - middle(groups[-2])
            < distance * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            last = groups.pop()
            groups[-1] += last
    places = [0.0] * len(wanted)
    for group in groups:
        start = middle(group) - distance * (len(group) - 1) / 2
        for k, i in enumerate(group):
            places[i] = start + k * distance
    return places
