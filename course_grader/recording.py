"""The record of what a student's code did while a test ran.

Each call that a test makes of the student's functions, classes and returned closures is
one entry: what was called, what it returned or raised, which of its arguments it
changed. Calls that the student's code makes of itself are not recorded, so the record
is of behavior: two ways of writing one formula leave the same.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from course_grader.values import Recorded, recorded

Entry = dict[str, Any]

MOST_ENTRIES = 2_000
FUNCTIONS = (FunctionType, MethodType, BuiltinFunctionType, functools.partial)
# Their results are the interpreter's business, not a test's.
UNTOUCHED = {"__getattribute__", "__class_getitem__", "__init_subclass__", "__new__"}


class Recorder:
    """Wraps names of a namespace while a test runs, and logs the calls of them.

    During a call everything is unwrapped again: the student's code finds its own
    functions, as deep in its recursion as ever.

    Args:
        namespace: the notebook's globals.
        names: what is recorded, where it is there: functions, classes and values.
        file: the file name of the test's code; attributes are recorded where it reads
            them.

    Attributes:
        entries: the record.
    """

    def __init__(self, namespace: dict[str, Any], names: list[str], file: str) -> None:
        self.entries: list[Entry] = []
        self._namespace = namespace
        self._names = names
        self._file = file
        self._undo: list[Callable[[], None]] = []
        self._classes = {
            name: thing
            for name in names
            if isinstance(thing := namespace.get(name), type)
        }

    @contextmanager
    def recording(self, read: set[str]) -> Iterator[None]:
        """Record within this block.

        Args:
            read: the names that the test reads. Those of them that are values, not
                functions, are recorded as they are now.
        """
        for name in self._names:
            thing = self._namespace.get(name)
            if name in read and not callable(thing):
                self._log({"name": name, "value": recorded(thing)})
        self._wrap()
        try:
            yield
        finally:
            self._unwrap()

    def _wrap(self) -> None:
        for name in self._names:
            thing = self._namespace.get(name)
            if isinstance(thing, FUNCTIONS):
                self._replace_name(name, thing, self._recorder(thing, name))
        for name, cls in self._classes.items():
            for attribute, thing in list(vars(cls).items()):
                label = name if attribute == "__init__" else f"{name}.{attribute}"
                if attribute in UNTOUCHED:
                    continue
                if isinstance(thing, FunctionType):
                    wrapped: Any = self._recorder(thing, label, method=True)
                elif isinstance(thing, staticmethod):
                    wrapped = staticmethod(self._recorder(thing.__func__, label))
                elif isinstance(thing, classmethod):
                    function = self._recorder(thing.__func__, label, method=True)
                    wrapped = classmethod(function)
                else:
                    continue
                self._replace_attribute(cls, attribute, thing, wrapped)
            self._watch_attributes(name, cls)

    def _unwrap(self) -> None:
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def _replace_name(self, name: str, thing: Any, wrapped: Any) -> None:
        def undo() -> None:
            if self._namespace.get(name) is wrapped:
                self._namespace[name] = thing

        self._namespace[name] = wrapped
        self._undo.append(undo)

    def _replace_attribute(self, cls: type, name: str, thing: Any, new: Any) -> None:
        setattr(cls, name, new)
        self._undo.append(lambda: setattr(cls, name, thing))

    def _watch_attributes(self, name: str, cls: type) -> None:
        """Record the public values that the test itself reads from instances."""
        if "__getattribute__" in vars(cls):
            return

        inherited: Any = cls.__getattribute__

        def watch(instance: Any, attribute: str) -> Any:
            value = inherited(instance, attribute)
            by_test = sys._getframe(1).f_code.co_filename == self._file
            if by_test and not attribute.startswith("_") and not callable(value):
                self._log({"name": f"{name}.{attribute}", "value": recorded(value)})
            return value

        cls.__getattribute__ = watch  # type: ignore[method-assign, assignment]
        self._undo.append(lambda: delattr(cls, "__getattribute__"))

    def _recorder(
        self, function: Callable[..., Any], label: str, *, method: bool = False
    ) -> Callable[..., Any]:
        @functools.wraps(function)
        def record(*args: Any, **kwargs: Any) -> Any:
            if not self._undo:
                return function(*args, **kwargs)  # called by the student's own code
            entry: Entry = {"call": label}
            changeable = (args[1:] if method else args, kwargs)
            before = _contents(changeable)
            self._unwrap()
            try:
                result = function(*args, **kwargs)
                entry["returned"] = recorded(result)
            except BaseException as error:
                entry["raised"] = type(error).__name__
                raise
            finally:
                after = _contents(changeable)
                if after != before:
                    entry["changed"] = after
                self._log(entry)
                self._wrap()
            return self._watched(result, f"{label}()")

        return record

    def _watched(self, result: Any, label: str) -> Any:
        """The result, with the functions in it recorded too."""
        if isinstance(result, FUNCTIONS):
            return self._recorder(result, label)
        if type(result) in (list, tuple) and any(
            isinstance(x, FUNCTIONS) for x in result
        ):
            return type(result)(
                self._watched(x, f"{label}[{i}]") for i, x in enumerate(result)
            )
        if type(result) is dict and any(
            isinstance(x, FUNCTIONS) for x in result.values()
        ):
            return {k: self._watched(x, f"{label}[{k!r}]") for k, x in result.items()}
        return result

    def _log(self, entry: Entry) -> None:
        if len(self.entries) < MOST_ENTRIES:
            self.entries.append(entry)


def _contents(arguments: tuple[tuple[Any, ...], dict[str, Any]]) -> list[Recorded]:
    """The arguments that a call could change."""
    args, kwargs = arguments
    return [
        recorded(x)
        for x in (*args, *kwargs.values())
        if isinstance(x, np.ndarray | list | dict | set)
        or isinstance(getattr(x, "value", None), np.ndarray)
    ]
