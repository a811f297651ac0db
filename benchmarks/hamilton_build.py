"""What does real Hamilton do with the same project? Imports every module and builds the driver, nothing else.

`python benchmarks/hamilton_build.py FOLDER CONFIG_JSON MODULE...` prints the number of nodes. `-` reads the modules from stdin.
"""

from __future__ import annotations

import importlib
import json
import sys

from hamilton import driver


def main(folder: str, config: str, names: list[str]) -> None:
    """Import, build, count."""
    sys.path.insert(0, folder)
    modules = [importlib.import_module(name) for name in (sys.stdin.read().split() if names == ["-"] else names)]
    built = driver.Builder().with_modules(*modules).with_config(json.loads(config)).build()
    print(len(built.list_available_variables()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
