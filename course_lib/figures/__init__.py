"""Figures for the book and the assignments: the only package that imports matplotlib.

A chapter's setup: `from course_lib.figures import COLORS, draw_graph, show, subplots`.
"""

from course_lib.figures.colors import COLORS
from course_lib.figures.graph_drawing import draw_graph
from course_lib.figures.style import Picture, show, subplots, use_style

__all__ = ["COLORS", "Picture", "draw_graph", "show", "subplots", "use_style"]
