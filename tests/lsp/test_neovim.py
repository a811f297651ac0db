"""Does the server work in Neovim, set up with the very lines of docs/editors.md?"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NVIM = shutil.which("nvim")

DRIVE = """
local result = {}
local function ask(method, line, column, extra)
  local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = line - 1, character = column - 1 } }
  for key, value in pairs(extra or {}) do params[key] = value end
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000) or {}
  for _, answer in pairs(answers) do return answer.result end
end
local function find(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(text, 1, true)
    if column then return number, column end
  end
end
local ok, trouble = pcall(function()
  local line, column = find("felt_temperature: pd.Series) -> pd.Series")
  result.attached = vim.wait(20000, function()
    return pcall(ask, "textDocument/hover", line, column) and ask("textDocument/hover", line, column) ~= nil
  end, 200)
  result.hover = ask("textDocument/hover", line, column).contents.value
  local found = ask("textDocument/definition", line, column)
  result.definition = found[1].range.start.line + 1
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { "", "", "def late(felt_temperature) -> int:", "    return 1" })
  result.told = vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 50)
  result.findings = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    table.insert(result.findings, { code = each.code or each.user_data.lsp.code, line = each.lnum + 1, message = each.message })
  end
  vim.api.nvim_buf_set_lines(0, -5, -1, false, {})
  result.cleared = vim.wait(20000, function() return #vim.diagnostic.get(0) == 0 end, 50)
  local edit = ask("textDocument/rename", line, column, { newName = "felt_warmth" })
  vim.lsp.util.apply_workspace_edit(edit, "utf-16")
  result.text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\\n")
end)
result.trouble = not ok and tostring(trouble) or nil
local file = io.open(os.getenv("RESULT"), "w")
file:write(vim.fn.json_encode(result))
file:close()
vim.cmd("qall!")
"""


def configuration() -> str:
    """The block of docs/editors.md for the Neovim that is there."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    section = page.split("\n## Neovim\n")[1].split("\n## ")[0]
    new, old = re.findall(r"```lua\n(.*?)```", section, re.DOTALL)
    version = subprocess.run([str(NVIM), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"v(\d+)\.(\d+)", version)
    assert found is not None
    return str(new if (int(found[1]), int(found[2])) >= (0, 11) else old)


@pytest.mark.skipif(NVIM is None, reason="nvim is not installed")
def test_neovim_with_the_lines_of_the_documentation(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures" / "training", tmp_path / "training")
    (tmp_path / "init.lua").write_text(configuration(), encoding="utf-8")
    (tmp_path / "drive.lua").write_text(DRIVE, encoding="utf-8")
    command = tmp_path / "bin" / "dagcheck"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dagcheck "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environ = {
        **os.environ,
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "RESULT": str(tmp_path / "result.json"),
    }
    environ |= {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    run = subprocess.run(
        [str(NVIM), "--headless", "--clean", "-u", str(tmp_path / "init.lua"), "-c", "filetype on", "src/bike_demand/features.py",
         "-c", "set filetype=python", "-c", f"luafile {tmp_path / 'drive.lua'}"],
        cwd=tmp_path / "training", env=environ, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert (tmp_path / "result.json").exists(), run.stderr
    result: dict[str, Any] = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result.get("trouble") is None, result
    assert result["attached"]
    assert "(node) felt_temperature: pd.Series" in result["hover"]
    assert result["definition"] == 27
    assert result["told"], run.stderr
    assert [(each["code"], each["line"]) for each in result["findings"]] == [("missing-parameter-type", 74)]
    assert result["cleared"]
    assert "def felt_warmth(" in result["text"]
    assert "felt_temperature: pd.Series" not in result["text"]
    assert '"felt_temperature": felt_warmth' in result["text"]  # a column keeps its name
