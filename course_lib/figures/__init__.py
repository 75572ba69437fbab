"""Figures for the book and the assignments: the only package that imports matplotlib.

from course_lib.figures import COLORS, draw_graph, show, subplots
"""

from course_lib.figures.graph_drawing import draw_graph
from course_lib.figures.style import COLORS, Picture, show, subplots, use_style

__all__ = ["COLORS", "Picture", "draw_graph", "show", "subplots", "use_style"]
