"""The course's assignments: made from one source, checked, graded, explained.

`python -m course_grader check NOTEBOOK` is a student's side and needs NumPy alone; the
rest works in a clone of the course's repository.
"""
