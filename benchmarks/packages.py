"""What does it cost to know the classes of installed packages? Rows for `run.py`.

A project whose nodes pass pandas, numpy and polars around, and classes of packages that no bundled table describes. dagcheck
reads those from the environment that runs the benchmark (`--python`), or knows them from its tables alone (without).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

MODULE = """
import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
from pydantic import BaseModel
from rich.console import Console

class Report(BaseModel):
    title: str

def frame_{n}(path: str) -> pd.DataFrame: ...
def index_{n}(frame_{n}: pd.DataFrame) -> pd.DatetimeIndex: ...
def spend_{n}(frame_{n}: pd.DataFrame, index_{n}: pd.Index) -> pd.Series: ...
def values_{n}(spend_{n}: pd.Series) -> np.ndarray: ...
def mean_{n}(values_{n}: np.ndarray) -> np.float64: ...
def rows_{n}(mean_{n}: float, path: str) -> pl.LazyFrame: ...
def table_{n}(rows_{n}: pl.LazyFrame) -> pl.DataFrame: ...
def graph_{n}(table_{n}: pl.DataFrame) -> nx.DiGraph: ...
def report_{n}(graph_{n}: nx.Graph, console: Console) -> Report: ...
def shown_{n}(report_{n}: BaseModel) -> str: ...
"""
IMPORTS = "import networkx, numpy, pandas, polars, pydantic, rich"
MODULES = 20


class PackagesProject:
    """The project in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.edits = 0
        folder.mkdir(parents=True)
        (folder / "dagcheck.toml").write_text('[[dataflow]]\nname = "all"\nmodules = ["part_*"]\n', encoding="utf-8")
        for number in range(MODULES):
            (folder / f"part_{number}.py").write_text(MODULE.replace("{n}", str(number)), encoding="utf-8")

    def forget(self) -> None:
        """Drop what earlier runs left behind."""
        shutil.rmtree(self.folder / ".dagcheck_cache", ignore_errors=True)

    def edit(self) -> None:
        """Change one function of one module."""
        self.edits += 1
        text = MODULE.replace("{n}", "0") + f"\ndef edit_{self.edits}(shown_0: str) -> str: ...\n"
        (self.folder / "part_0.py").write_text(text, encoding="utf-8")

    @staticmethod
    def arguments(*, reads: bool) -> list[str]:
        """A check that reads the packages of this interpreter's environment, or none."""
        return [sys.executable, "-m", "dagcheck", "check", *(["--python", sys.prefix] if reads else [])]
