"""The manager's folder, read as a whole: rules, topics, templates and properties of one generation."""

from __future__ import annotations

from autoresponder.workspace.loading import (
    SETTINGS_FILE,
    Parts,
    Workspace,
    content_version,
    folder_files,
    load_workspace,
    read_parts,
    read_settings,
)

__all__ = [
    "SETTINGS_FILE",
    "Parts",
    "Workspace",
    "content_version",
    "folder_files",
    "load_workspace",
    "read_parts",
    "read_settings",
]
