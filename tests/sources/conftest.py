"""A replay of all providers on loopback."""

from __future__ import annotations

import pytest
from replay_server import replay_server
from replay_world import END, World
from yahoo_patch import loopback_only

from cryptorisk.data.vintage import find_vintage
from cryptorisk.kit import find_root


@pytest.fixture(scope="session")
def world():
    return World(find_vintage(find_root() / "data", "2026-11-23"), END)


@pytest.fixture(scope="session")
def _server(world):
    with replay_server(world) as server:
        yield server


@pytest.fixture
def replay(_server):
    """The running server, well-behaved at the start of every test."""
    _server.misbehave(None)
    _server.asked.clear()
    _server.paths.clear()
    with loopback_only():
        yield _server
