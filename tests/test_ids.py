"""Ids for the rows of a file."""

from __future__ import annotations

from itertools import islice
from uuid import RFC_4122

from registry.ids import fresh_ids


def test_fresh_ids_are_those_of_uuid4_and_none_comes_twice() -> None:
    found = [*islice(fresh_ids(), 3_000), *islice(fresh_ids(), 3_000)]
    assert len(set(found)) == 6_000
    assert {(one.version, one.variant) for one in found} == {(4, RFC_4122)}
