"""Which settings has this project?

A project without settings costs a look at one or two files: what reads and checks them is imported only when there are any.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from dagcheck.settings import Settings, UsageError
from dagcheck.settings.folder import settings_file


def load_settings(root: str, known_rules: Collection[str], content: bytes | None = None) -> Settings:
    """The settings of the project folder `root`. Raises `UsageError` with all mistakes.

    `content` counts instead of what stands in their file.
    """
    name = settings_file(root)
    if name is None:
        return Settings()
    try:
        if content is None:
            with open(os.path.join(root, name), "rb") as file:
                content = file.read()
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from error
    return settings_from(root, (name, content), known_rules)


def settings_from(root: str, given: tuple[str, bytes] | None, known_rules: Collection[str]) -> Settings:
    """The settings that a file of this name and content holds; without a file there are none."""
    if given is None:
        return Settings()
    from dagcheck.settings.documents import read_toml
    from dagcheck.settings.schema import read_settings

    name, content = given
    document, text = read_toml(name, content)
    return read_settings(root, name, document, text, known_rules)


def unknown_rules(names: Collection[str], known: Collection[str]) -> list[str]:
    """One message for each name that is no rule, for the options that name rules."""
    unknown = [name for name in names if name not in known]
    if not unknown:
        return []
    from dagcheck.settings.checking import unknown_name

    return [unknown_name("rule", name, known) for name in unknown]
