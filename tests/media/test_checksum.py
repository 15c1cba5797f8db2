"""The fingerprint of a file."""

from __future__ import annotations

import pytest

from iprkit.errors import MediaError
from iprkit.media.checksum import sha256


def test_the_checksum_is_the_published_one_for_abc(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")

    assert sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_progress_ends_with_every_byte_read(tmp_path):
    (tmp_path / "a").write_bytes(bytes(5 << 20))
    steps = []

    sha256(tmp_path / "a", steps.append)

    assert [(step.done, step.total) for step in steps] == [(4 << 20, 5 << 20), (5 << 20, 5 << 20)]


def test_a_folder_has_no_checksum(tmp_path):
    with pytest.raises(MediaError, match="folder"):
        sha256(tmp_path)
