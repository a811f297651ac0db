"""Which dataflows does the corpus have, and under which configurations are they compared?

The corpus is `apache-hamilton-contrib`: dataflows that users of Hamilton wrote and published. Each is one module; its
configurations stand beside it in `valid_configs.jsonl`, bare or under "config"; where there is none, `{}` is meant.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import hamilton.contrib

CONTRIB = Path(hamilton.contrib.__file__).resolve().parent

TOO_BIG = {
    "dagworks.text_summarization": ("litellm", "170 MB, and it fetches a file from the network when it is imported"),
    "dagworks.translate_to_hamilton": ("litellm", "170 MB, and it fetches a file from the network when it is imported"),
    "user.skrawcz.customize_embeddings": ("torch", "several GB with the GPU libraries that the package index gives"),
    "user.skrawcz.fine_tuning": ("torch", "several GB with the GPU libraries that the package index gives"),
    "user.zilto.lancedb_vdb": ("lancedb", "350 MB with pyarrow"),
    "user.zilto.nixtla_mlforecast": ("mlforecast", "350 MB with numba and matplotlib"),
    "user.zilto.nixtla_statsforecast": ("statsforecast", "350 MB with numba, statsmodels and matplotlib"),
}
"""Dataflows that are not compared -> the package that they import and that is not installed, and why it is not."""

MOVED = {"langchain_text_splitters": "langchain"}
"""Packages whose classes a dataflow imports from another one -> that other one, which is what its text says."""


class CorpusCase(NamedTuple):
    """One dataflow, named below `hamilton.contrib`, under one configuration. `first`: its first configuration."""

    name: str
    config: dict[str, Any]
    first: bool

    @property
    def module(self) -> str:
        """The name to import."""
        return f"hamilton.contrib.{self.name}"


def names() -> tuple[str, ...]:
    """All dataflows of the corpus."""
    folders = sorted(path.parent for path in CONTRIB.glob("*/**/valid_configs.jsonl"))
    return tuple(".".join(folder.relative_to(CONTRIB).parts) for folder in folders)


def corpus_cases() -> tuple[CorpusCase, ...]:
    """Every dataflow that can be compared, in every configuration."""
    return tuple(
        CorpusCase(name, config, number == 0)
        for name in names()
        if name not in TOO_BIG
        for number, config in enumerate(configs(name))
    )


def configs(name: str) -> tuple[dict[str, Any], ...]:
    """The configurations that a dataflow says are valid, `{}` if it says none."""
    lines = CONTRIB.joinpath(*name.split("."), "valid_configs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return tuple(row.get("config", row) for row in rows) or ({},)
