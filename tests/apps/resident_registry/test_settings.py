"""Settings come in through one door, and everything that is wrong with them is told at once."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from resident_registry.errors import SettingsError
from resident_registry.settings import Settings, read_secret, read_settings


def test_written_settings_are_read_back(settings: Settings, tmp_path: Path) -> None:
    """A file with every key gives those settings, and what has a default may be absent."""
    file = tmp_path / "settings.json"
    values = dataclasses.asdict(settings)
    file.write_text(json.dumps(values))
    assert read_settings(file) == settings
    del values["pool_size"], values["prefecture_ja"]
    file.write_text(json.dumps(values))
    assert read_settings(file).place == settings.city_name_ja


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b'{"city": 1, "listen_port": "443", "colour": "red"}',
            ["city: must be text", "listen_port: must be a whole", "colour: is unknown", "database: is missing"],
        ),
        (b"[]", ["one object"]),
        (b"{", ["not JSON"]),
        (b"\xff", ["not JSON"]),
    ],
)
def test_problems_are_told_all_at_once(tmp_path: Path, content: bytes, words: list[str]) -> None:
    """Each wrong, unknown and missing key stands in the message, with the file's name."""
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        read_settings(file)
    assert str(file) in str(caught.value)
    assert all(word in str(caught.value) for word in words)


def test_missing_files_are_named(tmp_path: Path) -> None:
    """A missing settings file, and a missing or empty secret, are errors with the path."""
    with pytest.raises(SettingsError, match="nowhere"):
        read_settings(tmp_path / "nowhere")
    with pytest.raises(SettingsError, match="nowhere"):
        read_secret(str(tmp_path / "nowhere"))
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(SettingsError, match="is empty"):
        read_secret(str(tmp_path / "empty"))
