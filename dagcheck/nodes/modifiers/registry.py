"""Which modifiers are there, at which stage of the lifecycle, and who applies them?

The stages are Hamilton's (`hamilton.function_modifiers.base`): resolve, generate, inject, expand, transform, decorate, and
`dynamic` before them all. Adding a modifier is one function in a family's file and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dagcheck.nodes.modifiers import (
    columns,
    custom_validation,
    extraction,
    extracts,
    loading,
    metadata,
    model_validation,
    models,
    parameterization,
    pipes,
    replacement,
    saving,
    spark_columns,
    spark_frames,
    subdags,
    validation,
)
from dagcheck.nodes.node import Node
from dagcheck.nodes.subject import Subject
from dagcheck.nodes.uses import Use

Apply = Callable[[Subject, Use, list[Node]], list[Node]]


class Modifier(NamedTuple):
    """A modifier's stage; `apply` is None in the stages dynamic and resolve, which have files of their own, or where nobody can yet.

    `alone`: a second modifier of the same stage below it is refused at import.
    """

    stage: str
    apply: Apply | None = None
    alone: bool = False


STAGES = ("dynamic", "resolve", "generate", "inject", "expand", "transform", "decorate")
"""In the order in which Hamilton runs them, whatever the order in which they are stacked."""

MODIFIERS: dict[str, Modifier] = {
    "resolve": Modifier("dynamic"),
    "resolve_from_config": Modifier("dynamic"),
    "config": Modifier("resolve"),
    "config.when": Modifier("resolve"),
    "config.when_not": Modifier("resolve"),
    "config.when_in": Modifier("resolve"),
    "config.when_not_in": Modifier("resolve"),
    "hamilton_exclude": Modifier("resolve"),
    "mutate": Modifier("resolve"),
    "subdag": Modifier("generate", subdags.subdag, alone=True),
    "parameterized_subdag": Modifier("generate", subdags.parameterized_subdag, alone=True),
    "does": Modifier("generate", replacement.does, alone=True),
    "dataloader": Modifier("generate", loading.dataloader, alone=True),
    "datasaver": Modifier("generate", saving.datasaver, alone=True),
    "dynamic_transform": Modifier("generate", models.dynamic_transform, alone=True),
    "model": Modifier("generate", models.dynamic_transform, alone=True),
    "load_from.*": Modifier("inject", loading.load_from),
    "pipe": Modifier("inject", pipes.pipe_input),
    "pipe_input": Modifier("inject", pipes.pipe_input),
    "h_pandas.with_columns": Modifier("inject", columns.with_columns),
    "h_polars.with_columns": Modifier("inject", columns.with_columns),
    "h_polars_lazyframe.with_columns": Modifier("inject", columns.with_columns),
    "h_spark.with_columns": Modifier("inject", spark_columns.with_columns),
    "h_spark.select": Modifier("inject", spark_columns.select),
    "parameterize": Modifier("expand", parameterization.parameterize, alone=True),
    "parameterize_sources": Modifier("expand", parameterization.parameterize_sources, alone=True),
    "parameterize_values": Modifier("expand", parameterization.parameterize_values, alone=True),
    "parametrized": Modifier("expand", parameterization.parameterize_values, alone=True),
    "parametrized_input": Modifier("expand", parameterization.parametrized_input, alone=True),
    "parameterized_inputs": Modifier("expand", parameterization.parameterize_sources, alone=True),
    "inject": Modifier("expand", parameterization.inject, alone=True),
    "parameterize_extract_columns": Modifier("expand", extracts.parameterize_extract_columns, alone=True),
    "parameterize_frame": Modifier("expand", extracts.parameterize_frame, alone=True),
    "extract_columns": Modifier("transform", extraction.extract_columns),
    "extract_fields": Modifier("transform", extraction.extract_fields),
    "unpack_fields": Modifier("transform", extraction.unpack_fields),
    "pipe_output": Modifier("transform", pipes.pipe_output),
    "check_output": Modifier("transform", validation.check_output),
    "check_output_custom": Modifier("transform", custom_validation.check_output_custom),
    "h_pandera.check_output": Modifier("transform", model_validation.pandera),
    "h_pydantic.check_output": Modifier("transform", model_validation.pydantic),
    "h_spark.require_columns": Modifier("transform", spark_frames.require_columns),
    "save_to.*": Modifier("transform", saving.save_to),
    "tag": Modifier("decorate", metadata.tag),
    "tag_outputs": Modifier("decorate", metadata.tag_outputs),
    "cache": Modifier("decorate", metadata.cache),
    "schema.output": Modifier("decorate", metadata.schema_output, alone=True),
    "ray_remote_options": Modifier("decorate", metadata.ray_remote_options),
}
"""The modifiers that dagcheck applies, by their name in `hamilton.function_modifiers`; `*` stands for any last part."""

UNREAD: dict[str, Modifier] = {}
"""Modifiers whose stage is known but whose nodes are not worked out: they give `unresolved-modifier`."""


DEPRECATED: dict[str, str] = {
    "parametrized": "parameterize_values",
    "parametrized_input": "parameterize_sources",
    "parameterized_inputs": "parameterize_sources",
    "pipe": "pipe_input",
    "dynamic_transform": "resolve",
    "model": "resolve",
}
"""Modifiers that Hamilton 2.0 will not have, and what to use instead."""


def modifier(name: str) -> Modifier:
    """The modifier of this name; one that nobody knows counts as a transform that cannot be read."""
    found = MODIFIERS.get(name) or UNREAD.get(name) or MODIFIERS.get(f"{name.partition('.')[0]}.*")
    return found or Modifier("inject" if name.endswith("with_columns") else "transform")
