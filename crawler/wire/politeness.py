"""How a workspace's crawl behaves on the wire: who it says it is, and its delays, as Scrapy settings."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from crawler.urls import registered_domain
from index.workspace import Workspace


def user_agent(contact: str) -> str:
    """`pressclip/0.1.0 (+desk@example.org)`: product first, since robots.txt names products."""
    return f"pressclip/{version('pressclip')}" + (f" (+{contact})" if contact else "")


def settings_of(workspace: Workspace) -> dict[str, Any]:
    """The Scrapy settings that come from workspace.toml and outlets.toml."""
    slots = {
        registered_domain(outlet.home): {"delay": outlet.delay}
        for outlet in workspace.outlets()
        if outlet.delay is not None
    }
    return {
        "USER_AGENT": user_agent(workspace.contact),
        "DOWNLOAD_DELAY": workspace.delay,
        "DOWNLOAD_SLOTS": slots,
        "PRESSCLIP_ALLOW_PRIVATE": workspace.allow_private,
    }
