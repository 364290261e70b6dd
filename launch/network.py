"""What this machine already knows about its way to the package indexes, told to the tools that do not ask."""

import configparser
import os
import ssl
from pathlib import Path

PIP_FILES = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")


def network_of_this_machine() -> dict[str, str]:
    """Environment for uv and npm: the machine's certificates, as a company's network may need, and pip's mirror."""
    own = {}
    if ssl.get_default_verify_paths().cafile:
        own = {"UV_SYSTEM_CERTS": "1", "NODE_USE_SYSTEM_CA": "1"}
    if index := _index_of_pip():
        own["UV_DEFAULT_INDEX"] = index
    return {name: value for name, value in own.items() if name not in os.environ}


def _index_of_pip() -> str:
    """uv does not read pip's settings; a mirror set up for pip is meant for uv too."""
    if any(name in os.environ for name in ("UV_INDEX_URL", "UV_CONFIG_FILE")):
        return ""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read([Path(name).expanduser() for name in PIP_FILES])
    if index := os.environ.get("PIP_INDEX_URL"):
        return index
    return settings.get("global", "index-url", fallback="") or ""
