"""A server that is not backed by git names trees and blobs in its own way: it is read as it answers, where that agrees with itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from bot.engine.changeset.identity import object_id
from bot.github.blobs import Blobs
from bot.github.cache import Cache, Memory
from bot.github.protocols import Gateway
from bot.github.refusal import Refusal
from bot.github.trees import listing

ROOT, BELOW, FILE = "a" * 40, "b" * 40, "c" * 40
ROWS: list[dict[str, object]] = [
    {"path": "modules", "mode": "040000", "type": "tree", "sha": BELOW},
    {"path": "modules/main.tf", "mode": "100644", "type": "blob", "sha": FILE, "size": 2},
]


class Answering:
    """One answer to every GET."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def get(self, path: str, parameters: Mapping[str, str | int] | None = None) -> Any:  # noqa: ARG002 - the protocol's
        return self.body


def answering(body: Any) -> Gateway:
    return cast("Gateway", Answering(body))


def test_a_listing_of_which_no_directory_has_gits_id_is_taken_as_it_is() -> None:
    assert set(listing(answering({"tree": ROWS, "truncated": False}), "acme/infra", ROOT).entries) == {"modules/main.tf"}


def test_a_listing_of_which_one_directory_has_gits_id_is_refused_for_another() -> None:
    inner = object_id("tree", b"100644 main.tf\x00" + bytes.fromhex(FILE), 40)
    rows = [{**ROWS[0], "sha": inner}, ROWS[1]]
    with pytest.raises(Refusal, match="is not whole"):
        listing(answering({"tree": rows, "truncated": False}), "acme/infra", ROOT)


def test_a_listing_that_lacks_a_file_of_its_only_directory_is_refused() -> None:
    inner = object_id("tree", b"100644 gone.tf\x00" + bytes.fromhex(FILE) + b"100644 main.tf\x00" + bytes.fromhex(FILE), 40)
    root = object_id("tree", b"40000 modules\x00" + bytes.fromhex(inner), 40)
    rows = [{**ROWS[0], "sha": inner}, ROWS[1]]
    with pytest.raises(Refusal, match="`modules` has other contents"):
        listing(answering({"tree": rows, "truncated": False}), "acme/infra", root)


@pytest.mark.parametrize(("size", "read"), [(2, b"x\n"), (3, None), (0, None)])
def test_a_blob_of_the_size_that_is_stated_is_read(size: int, read: bytes | None) -> None:
    gateway = answering({"content": "eAo=", "encoding": "base64", "size": size})
    assert Blobs(gateway, "acme/infra", Cache(Memory(), 1).blobs).blob(FILE, 100).data == read
