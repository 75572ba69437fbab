"""A block in which code can print, log and warn without being heard."""

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from numpy import errstate


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def silence() -> Iterator[None]:
    """Swallow what is printed, logged or warned of, whatever the code inside sets.

    NumPy warns as it does by default, and code may still turn that into an error.
    """
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with (
            errstate(divide="warn", over="warn", under="ignore", invalid="warn"),
            warnings.catch_warnings(record=True),
            redirect_stderr(_Nowhere()),
            redirect_stdout(_Nowhere()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
