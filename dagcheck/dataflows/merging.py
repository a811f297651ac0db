"""Which of the dataflows that drivers make are those that the settings declare?

A driver of the same modules is the declared dataflow: with the same configuration it adds what is asked of it, with another
one it is a further configuration under the declared name. Where the declaration leaves the configuration free, it covers
that of the driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dagcheck.dataflows.specification import DataflowSpec, added


def merged(declared: Sequence[DataflowSpec], found: Iterable[DataflowSpec]) -> list[DataflowSpec]:
    """The declared dataflows, with what drivers add to them, and then the others."""
    specs, count = list(declared), len(declared)
    for spec in found:
        same = [index for index in range(count) if _is_same(specs[index], spec)]
        equal = [index for index in same if specs[index].config == spec.config]
        if equal:
            specs[equal[0]] = added(specs[equal[0]], spec)
        elif same and specs[same[0]].config is None:
            calls = tuple([call._replace(config=spec.config) for call in spec.calls])
            specs[same[0]] = added(specs[same[0]], spec._replace(calls=calls))
        elif same and spec.config is None:
            for index in same:
                calls = tuple([call._replace(knows_config=False) for call in spec.calls])
                specs[index] = added(specs[index], spec._replace(calls=calls))
        elif same:
            first = specs[same[0]]
            specs.append(spec._replace(name=first.name, owner=first.owner, input_types=first.input_types))
        else:
            specs.append(spec)
    return specs


def _is_same(declared: DataflowSpec, spec: DataflowSpec) -> bool:
    if spec.temporary or spec.materializers or declared.allow_module_overrides != spec.allow_module_overrides:
        return False
    if spec.allow_module_overrides:
        return declared.modules == spec.modules
    return len(declared.modules) == len(spec.modules) and set(declared.modules) == set(spec.modules)
