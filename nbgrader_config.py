"""nbgrader's configuration: `nbgrader` commands work from this folder.

COURSE_CLASS names the folder of the class that is graded: what was submitted, the
graded copies, the feedback and the gradebook. It is `class` by default, which git
ignores.
"""

from pathlib import Path

from course_grader.nbgrader.configuration import configure

configure(get_config(), Path(__file__).resolve().parent)  # noqa: F821
