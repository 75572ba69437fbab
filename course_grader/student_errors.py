"""In one line: the error that a student's code raised, and where."""

import traceback
from types import TracebackType

LONGEST_MESSAGE = 300


def describe_error(error: BaseException) -> str:
    """The error in one line and, where the student's own code raised it, its place."""
    message = " ".join(traceback.format_exception_only(error)[-1].split())
    message = message[:LONGEST_MESSAGE]
    frame = _students_frame(error.__traceback__)
    if frame is None:
        if isinstance(error, NameError) and error.name:
            return f"{error.name} is not defined. Has the cell that defines it run?"
        return message
    place = f"{frame.name}, line {frame.lineno}: {frame.line}".removesuffix(": ")
    if isinstance(error, NotImplementedError):
        return f"there is no answer yet ({place})"
    return f"your code raised {message} ({place})"


def _students_frame(trace: TracebackType | None) -> traceback.FrameSummary | None:
    """The innermost frame of the notebook's code, if it is not the test cell's own."""
    frames = traceback.walk_tb(trace)
    _, test = next(frames), next(frames, (None, 0))[0]
    found = None
    while trace is not None:
        frame = trace.tb_frame
        if (
            test is not None
            and frame.f_globals is test.f_globals
            and frame.f_code.co_filename != test.f_code.co_filename
        ):
            found = traceback.extract_tb(trace, limit=1)[0]
        trace = trace.tb_next
    return found
