"""A server process for each test, spoken to as VS Code and as Neovim do."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

from tests.lsp.editor import PROFILES, SERVER, Editor, capabilities_of

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of the fixture that the test names by `@pytest.mark.parametrize("fixture", [...])`, else of `training`."""
    name = request.node.callspec.params.get("fixture", "training") if hasattr(request.node, "callspec") else "training"
    shutil.copytree(FIXTURES / name, tmp_path / name)
    return tmp_path / name


@pytest.fixture(params=PROFILES)
def capabilities(request: pytest.FixtureRequest) -> lsp.ClientCapabilities:
    """What an editor says that it can do."""
    return capabilities_of(request.param)


@pytest_lsp.fixture(config=SERVER)  # type: ignore[untyped-decorator]
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """A server, and the client that speaks to it."""
    yield
    await lsp_client.shutdown_session()


@pytest_asyncio.fixture
async def editor(client: LanguageClient, project: Path, capabilities: lsp.ClientCapabilities) -> Editor:
    """An editor with the project open."""
    return await Editor.start(client, project, capabilities)
