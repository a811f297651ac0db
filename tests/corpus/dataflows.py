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
    "dagworks.text_summarization": ("litellm",),
    "dagworks.translate_to_hamilton": ("litellm",),
    "user.skrawcz.customize_embeddings": ("plotly", "torch"),
    "user.skrawcz.fine_tuning": ("datasets", "evaluate", "peft", "torch", "transformers"),
    "user.zilto.lancedb_vdb": ("lancedb", "pyarrow"),
    "user.zilto.nixtla_mlforecast": ("matplotlib", "mlforecast", "numba", "utilsforecast", "window_ops"),
    "user.zilto.nixtla_statsforecast": ("matplotlib", "statsforecast", "utilsforecast"),
}
"""Dataflows that import packages too big to install -> these packages; Hamilton builds them with stand-ins instead.

Installed: litellm 170 MB, and it fetches a file from the network when it is imported; torch several GB, with the GPU
libraries that the package index gives; lancedb and pyarrow 350 MB; the packages for forecasting 350 MB.
"""

NOT_BUILT = {'user.skrawcz.fine_tuning {"start": "presaved"}': "peft.PeftModel"}
"""Configurations that Hamilton does not build with stand-ins -> the class that would have to be a subclass of another."""

NEEDS_PYTHON = {"user.elijahbenizzy.caption_images": (3, 11)}
"""Dataflows that import what older versions of Python do not have (`datetime.UTC`)."""


class CorpusCase(NamedTuple):
    """One dataflow, named below `hamilton.contrib`, under one configuration. `first`: its first configuration."""

    name: str
    config: dict[str, Any]
    first: bool

    def __str__(self) -> str:
        return f"{self.name} {json.dumps(self.config)}"

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """The packages that it imports and that are not installed."""
        return TOO_BIG.get(self.name, ())

    @property
    def module(self) -> str:
        """The name to import."""
        return f"hamilton.contrib.{self.name}"


def names() -> tuple[str, ...]:
    """All dataflows of the corpus."""
    folders = sorted(path.parent for path in CONTRIB.glob("*/**/valid_configs.jsonl"))
    return tuple(".".join(folder.relative_to(CONTRIB).parts) for folder in folders)


def corpus_cases() -> tuple[CorpusCase, ...]:
    """Every dataflow in every configuration."""
    return tuple(
        CorpusCase(name, config, number == 0) for name in names() for number, config in enumerate(configs(name))
    )


def configs(name: str) -> tuple[dict[str, Any], ...]:
    """The configurations that a dataflow says are valid, `{}` if it says none."""
    lines = CONTRIB.joinpath(*name.split("."), "valid_configs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return tuple(row.get("config", row) for row in rows) or ({},)
