"""Names that an assignment asks for, withheld from the notebook that answers it.

The notebook may neither import nor read them; the library itself, and whatever else is
installed, keeps using them. So a layer still calls `sigmoid` while a student who is to
write it cannot. This keeps honest people from a short cut and tells them why; it is no
lock against someone who wants to break it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any


def withhold(*names: str, because: str) -> None:
    """Refuse names to the notebook whose cell calls this.

    A second call from the same notebook replaces the first.

    Args:
        names: full names of modules ("torch"), or of functions and classes of a module
            ("course_lib.optimizers.Adam"). Wherever else in the same package the same
            object can be read from, it is refused too. What a name means may be loaded
            already, be loaded later, or not be installed.
        because: the assignment that asks for them.
    """
    notebook = sys._getframe(1).f_globals
    for finder in list(sys.meta_path):
        if isinstance(finder, Withholding) and finder.notebook is notebook:
            finder.lift()
    withholding = Withholding(names, because, notebook)
    sys.meta_path.insert(0, withholding)
    withholding.guard_modules()


class WithheldError(ImportError):
    """The assignment asks for what was to be imported."""


class Withholding(MetaPathFinder):
    """Some names that one notebook may not have.

    Standing first among the finders of modules, it sees the first import of each. A
    module that holds a withheld name gets a class that looks at who reads its
    attributes; of a loaded module only `import` itself still passes.

    Args:
        names, because: as for `withhold`.
        notebook: the notebook's global names.
    """

    def __init__(
        self, names: Sequence[str], because: str, notebook: dict[str, Any]
    ) -> None:
        self.names = frozenset(names)
        self.because = because
        self.notebook = notebook
        self.packages = {name.partition(".")[0] for name in names}
        self.objects: dict[int, tuple[object, str]] = {}  # by id: an object, its name
        self.guards: dict[str, _Guard] = {}  # by the module's name

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Refuse a withheld module; have the others found, and guard them once loaded.

        Raises:
            WithheldError: the notebook asks for a withheld module.
        """
        if self.is_withheld(fullname):
            self.refuse_to_notebook(sys._getframe(1), fullname)
        if fullname.partition(".")[0] not in self.packages:
            return None
        for finder in sys.meta_path[sys.meta_path.index(self) + 1 :]:
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                self._guard_once_loaded(spec)
                return spec
        return None

    def guard_modules(self) -> None:
        """Guard every loaded module that holds a withheld name or object."""
        modules = {
            name: module
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] in self.packages
            and isinstance(module, ModuleType)
        }
        for name, module in modules.items():
            for attribute, value in list(_names_of(module).items()):
                full = f"{name}.{attribute}"
                if full in self.names:
                    self.objects[id(value)] = value, full
        for name, module in modules.items():
            refused = {
                attribute: self.objects[id(value)][1]
                for attribute, value in list(_names_of(module).items())
                if id(value) in self.objects
            }
            if name in self.guards:
                self.guards[name].refused = refused
            elif refused or self.is_withheld(name):
                self.guards[name] = _Guard(self, module, refused)

    def lift(self) -> None:
        """Give the names back."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for guard in self.guards.values():
            guard.module.__class__ = guard.original
        self.guards.clear()

    def is_withheld(self, module: str) -> bool:
        """Whether a module, or one that it lies in, is withheld as a whole."""
        return any(module == x or module.startswith(f"{x}.") for x in self.names)

    def refuse_to_notebook(self, frame: FrameType | None, name: str) -> None:
        """Raise an error if the code that asks for a name is the notebook's.

        Any other code that asks must be that of a loaded module. Between the two stands
        Python's own machinery of imports.

        Raises:
            WithheldError: the message says why.
        """
        while frame is not None:
            asking = frame.f_globals.get("__name__") or ""
            if asking.partition(".")[0] != "importlib":
                break
            frame = frame.f_back
        if frame is None:
            return
        module = sys.modules.get(asking)
        is_module = (
            isinstance(module, ModuleType) and _names_of(module) is frame.f_globals
        )
        if frame.f_globals is self.notebook or not is_module:
            raise WithheldError(
                f"{name} is withheld: the assignment {self.because!r} asks you to "
                "write it yourself. The rest of course_lib is there for you."
            )

    def _guard_once_loaded(self, spec: ModuleSpec) -> None:
        loader = spec.loader
        if loader is None:
            return
        load = loader.exec_module

        def load_and_guard(module: ModuleType) -> None:
            loader.exec_module = load  # type: ignore[method-assign]
            load(module)
            self.guard_modules()

        loader.exec_module = load_and_guard  # type: ignore[method-assign]


class _Guard:
    """Gives a module a class whose attributes are refused to the notebook.

    Args:
        withholding: what knows the notebook, and which modules are withheld.
        module: the module to guard.
        refused: its attributes that are withheld, with their full names.
    """

    def __init__(
        self, withholding: Withholding, module: ModuleType, refused: dict[str, str]
    ) -> None:
        self.module = module
        self.original = type(module)
        self.refused = refused
        guard, module_name = self, module.__name__
        as_a_whole = withholding.is_withheld(module_name)

        class Guarded(self.original):  # type: ignore[name-defined]
            def __getattribute__(self, name: str) -> Any:
                if as_a_whole:
                    withholding.refuse_to_notebook(sys._getframe(1), module_name)
                elif name in guard.refused:
                    full_name = guard.refused[name]
                    withholding.refuse_to_notebook(sys._getframe(1), full_name)
                return super().__getattribute__(name)

        module.__class__ = Guarded


def _names_of(module: ModuleType) -> dict[str, Any]:
    """A module's own dictionary, past its guard."""
    names: dict[str, Any] = object.__getattribute__(module, "__dict__")
    return names
