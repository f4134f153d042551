"""Command-line options made from the settings table, and values checked without Pydantic."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from dedup.settings import DEFAULTS, OPTIONS, TYPES, Settings, flag


def takes_settings(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command an option for every row of the settings table.

    The command itself takes one keyword, `settings`, already validated; Typer sees the options in
    the signature of what is returned.
    """

    def with_options(**given: Any) -> int:
        chosen = Settings(**{name: given.pop(name) for name in OPTIONS})
        return command(settings=chosen.validate(), **given)

    return stand_for(command, with_options, "settings", after=map(_parameter, OPTIONS))


def stand_for(
    command: Callable[..., int],
    wrapper: Callable[..., int],
    argument: str,
    *,
    before: Iterable[inspect.Parameter] = (),
    after: Iterable[inspect.Parameter] = (),
) -> Callable[..., int]:
    """Let a wrapper look like the command that it calls, with other parameters in the place of one; gives the wrapper.

    Args:
        command: what is called.
        wrapper: what Typer sees.
        argument: the name of the one that the wrapper makes of the others.
        before, after: these, ahead of the command's own and behind them.
    """
    own = inspect.signature(command, eval_str=True).parameters
    parameters = [*before, *(one for name, one in own.items() if name != argument), *after]
    wrapper.__name__, wrapper.__doc__ = command.__name__, command.__doc__
    wrapper.__annotations__ = {one.name: one.annotation for one in parameters}
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect.signature
    return wrapper


class _WithoutPydantic:
    """Lets plain values be checked here: Typer imports Pydantic for that, which takes as long as Typer.

    Typer 0.29 keeps the checker of a parameter in `_runtime_param` and makes it on first use. Where
    that attribute does not exist nothing is changed, and only the start is slower (a test notices).
    """

    def get_params(self, ctx: Any) -> Any:
        parameters = super().get_params(ctx)  # type: ignore[misc]  # of the Typer class beside it
        for parameter in parameters:
            if getattr(parameter, "_runtime_param", self) is None:
                parameter._runtime_param = _Plain(parameter.type_descriptor.annotation)
        return parameters


class Command(_WithoutPydantic, TyperCommand):
    """A command that starts fast."""


class Group(_WithoutPydantic, TyperGroup):
    """A group of commands that starts fast."""


class _Plain:
    """Checks one value from the command line: a text, a number, a choice, or a list of texts."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        problem = self._problem(value)
        if problem:
            raise typer.BadParameter(problem, ctx=ctx, param=param)
        return self._kind(value) if self._kind in (int, float) else value

    def _problem(self, value: Any) -> str:
        if get_origin(self._kind) is Literal:
            choices = get_args(self._kind)
            return "" if value in choices else f"{value!r} is not one of {', '.join(choices)}."
        if self._kind not in (int, float):
            return ""
        try:
            self._kind(value)
        except ValueError:
            return f"{value!r} is not a {'whole ' * (self._kind is int)}number."
        return ""


def _parameter(name: str) -> inspect.Parameter:
    option = OPTIONS[name]
    kind: Any = Literal.__getitem__(option.choices) if option.choices else TYPES[name]
    span = None if option.choices else option.metavar or f"{option.minimum}..{option.maximum}"
    shown = typer.Option(flag(name), metavar=span, help=option.help, rich_help_panel=option.panel)
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=DEFAULTS[name], annotation=Annotated[kind, shown]
    )
