"""Is the text of a buffer what the editor says, whatever encoding it declares for its file?"""

from __future__ import annotations

from pathlib import Path

import pytest

from dagcheck.project.workspace import Workspace


@pytest.mark.parametrize("declared", ["latin-1", "utf-8", "utf-16", "cp1252", "no-such-encoding"])
def test_a_buffer_is_text_already(tmp_path: Path, declared: str) -> None:
    (tmp_path / "flow.py").write_text("def first(raw: int) -> int:\n    return raw\n", encoding="utf-8")
    workspace = Workspace(str(tmp_path))
    text = f"# -*- coding: {declared} -*-\nfrom hamilton.function_modifiers import tag\n\n\n@tag(a='b')\ndef größe(raw: int) -> int:\n    return raw\n"
    workspace.put("flow.py", text)
    assert workspace.text("flow.py") == text
    assert {node.name for flow in workspace.view().dataflows for node in flow.nodes} == {"größe"}
    assert workspace.text("flow.py") == text
