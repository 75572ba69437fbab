"""Parameters in groups, each with settings of its own."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from course_lib.graph import Parameter

# What an optimizer is given: parameters, or groups of them such as
# [{"params": network.parameters(), "lr": 0.1}, …].
Grouped = Iterable[Parameter] | Iterable[Mapping[str, Any]]


class Group(SimpleNamespace):
    """Parameters that share their settings.

    Attributes:
        parameters: the list of them.
        lr, weight_decay, …: the rule's settings, each by its name. They may be changed
            between steps, as a schedule does with the rate.
    """

    parameters: list[Parameter]

    def settings(self) -> dict[str, Any]:
        """All but the parameters, by name."""
        return {name: x for name, x in vars(self).items() if name != "parameters"}


def make_groups(rule: str, given: Grouped, defaults: dict[str, Any]) -> list[Group]:
    """The groups that an optimizer is to change.

    Args:
        rule: the optimizer's name, for messages.
        given: parameters, which become one group; or mappings with "params" and, where
            they are not the default, settings.
        defaults: the settings of groups that do not say otherwise.

    Raises:
        ValueError: there is no parameter, or one twice, or a setting is unknown.
        TypeError: something that should be a Parameter is not.
    """
    if isinstance(given, (Parameter, Mapping)):
        raise TypeError(
            f"{rule}: the parameters are a {type(given).__name__}, expected a list. "
            f"Are brackets missing: {rule}([…])?"
        )
    entries = list(given)
    if not any(isinstance(entry, Mapping) for entry in entries):
        entries = [{"params": entries}]
    groups = [_make_group(rule, entry, defaults) for entry in entries]
    parameters = [p for group in groups for p in group.parameters]
    if len(set(parameters)) < len(parameters):
        raise ValueError(
            f"{rule}: a parameter is named twice and would move twice a step. "
            "Do two networks, or two groups, share a layer?"
        )
    return groups


def _make_group(rule: str, entry: Any, defaults: dict[str, Any]) -> Group:
    if not (isinstance(entry, Mapping) and "params" in entry):
        raise TypeError(
            f"{rule}: one of the groups is {entry!r}, expected a mapping such as "
            '{"params": network.parameters(), "lr": 0.1}. Are groups and parameters '
            "mixed?"
        )
    settings = {name: value for name, value in entry.items() if name != "params"}
    if unknown := sorted(settings.keys() - defaults.keys()):
        raise ValueError(
            f"{rule}: a group sets {unknown}, which the rule does not have; expected "
            f"some of {sorted(defaults)}."
        )
    if isinstance(entry["params"], Parameter):
        raise TypeError(
            f'{rule}: a group\'s "params" is one Parameter, expected a list: [x].'
        )
    parameters = list(entry["params"])
    if not parameters:
        raise ValueError(
            f"{rule}: there are no parameters to change. "
            "Was the generator that names them used up before?"
        )
    for p in parameters:
        if not isinstance(p, Parameter):
            raise TypeError(
                f"{rule}: one of the parameters is a {type(p).__name__}, expected "
                "Parameters. Is network.parameters() meant?"
            )
    return Group(parameters=parameters, **{**defaults, **settings})
