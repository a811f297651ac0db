"""How is a finding said to an editor?

The words are those of the command line. The other places of a finding are its related information, the rule's page its link, and
what is going away or out of use is tagged.
"""

from __future__ import annotations

import os

from lsprotocol import types as lsp

from dagcheck.diagnostics import Diagnostic
from dagcheck.lsp.buffers import to_range
from dagcheck.lsp.folders import Folder, Folders, uri_of

_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}
_TAGS = {
    "deprecated-modifier": lsp.DiagnosticTag.Deprecated,
    "unused-node": lsp.DiagnosticTag.Unnecessary,
    "unused-ignore": lsp.DiagnosticTag.Unnecessary,
    "unreachable-variant": lsp.DiagnosticTag.Unnecessary,
    "shadowed-function": lsp.DiagnosticTag.Unnecessary,
    "unknown-input": lsp.DiagnosticTag.Unnecessary,
}
SOURCE = "dagcheck"


def report(folders: Folders, folder: Folder, diagnostic: Diagnostic, encoding: str) -> lsp.Diagnostic:
    """One finding as the protocol has it."""
    rows = folder.lines(diagnostic.location.path)
    tag = _TAGS.get(diagnostic.rule)
    related = [
        lsp.DiagnosticRelatedInformation(
            lsp.Location(
                folders.uri(folder, each.location.path),
                to_range(each.location.span, folder.lines(each.location.path), encoding),
            ),
            each.message,
        )
        for each in diagnostic.related
    ]
    return lsp.Diagnostic(
        to_range(diagnostic.location.span, rows, encoding),
        _words(diagnostic),
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.rule,
        code_description=lsp.CodeDescription(page_of(diagnostic.rule)),
        source=SOURCE,
        tags=None if tag is None else [tag],
        related_information=related or None,
    )


def page_of(rule: str) -> str:
    """The address of a rule's page, which comes with dagcheck."""
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "rules")
    return uri_of(os.path.join(folder, f"{rule.replace('-', '_')}.md"))


def _words(diagnostic: Diagnostic) -> str:
    """The message, the configuration in which it shows, and what to do."""
    lines = [diagnostic.message]
    if diagnostic.config:
        lines.append("in configuration: " + ", ".join(f"{key}={value!r}" for key, value in diagnostic.config))
    if diagnostic.help:
        lines.append(f"help: {diagnostic.help}")
    return "\n".join(lines)
