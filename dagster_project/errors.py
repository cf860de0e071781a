"""The one exception for what a user can mend: its message is one clear sentence."""

import yaml
from pydantic import ValidationError


class GovIndexError(Exception):
    """Bad input or a refused step, said in one sentence: where, what was expected, what to do."""


def what_is_wrong(error: Exception) -> str:
    """The first fault of a YAML file that was read into a model, in a few words.

    error: what reading it raised. A TypeError says that the file holds no named entries.
    """
    if isinstance(error, ValidationError):
        first, *others = error.errors()
        place = ".".join(map(str, first["loc"]))
        match first["type"]:
            case "missing":
                said = f"`{place}` is missing"
            case "extra_forbidden":
                said = f"`{place}` is not known there"
            case _:
                said = f"`{place}` is {first['input']!r}; {_lowered(first['msg'])}"
        return said + (f" (and {len(others)} more)" if others else "")
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"row {error.problem_mark.line + 1}: {error.problem or error.context}"
    if isinstance(error, TypeError):
        return "it holds no named entries"
    return " ".join(str(error).split())


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
