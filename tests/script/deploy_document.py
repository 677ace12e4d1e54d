"""docs/deploy.md as a machine reads it: its blocks, and the units of systemd among them."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_UNIT_NAME = re.compile(r"`(?:/etc/systemd/system/)?(register[\w-]*\.(?:service|timer))`")


@dataclass(frozen=True, slots=True)
class Block:
    """An indented block, the heading it stands under and the text between it and the block before."""

    heading: str
    before: str
    text: str

    @property
    def commands(self) -> list[str]:
        """Return its lines without what is said beside them."""
        return [line for line in (re.sub(r"\s+#.*", "", line) for line in self.text.splitlines()) if line]


def read_blocks(text: str) -> list[Block]:
    """Return every indented block of a Markdown text in order."""
    blocks, heading, before, inside = [], "", "", ""
    for line in [*text.splitlines(), "the end"]:
        if line.startswith("    ") or (inside and not line):
            inside += line.removeprefix("    ") + "\n"
            continue
        if inside:
            blocks.append(Block(heading, before, inside.rstrip("\n") + "\n"))
            before = inside = ""
        if line.startswith("#"):
            heading, before = line.lstrip("# "), ""
        before += line + "\n"
    return blocks


class SystemdUnit:
    """A unit of systemd: the values of each key, and its commands as systemd starts them."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.values: dict[str, list[str]] = defaultdict(list)
        for line in text.replace("\\\n", " ").splitlines():
            key, equals, value = line.partition("=")
            if equals:
                self.values[key].append(value.strip())

    def __getitem__(self, key: str) -> str:
        """Return the last value of a key, or "" where there is none."""
        return (self.values.get(key) or [""])[-1]

    @property
    def commands(self) -> list[list[str]]:
        """Return the arguments of each ExecStart."""
        lines = [line.replace("%%", "%").replace("$$", "$") for line in self.values["ExecStart"]]
        return [shlex.split(line) for line in lines]


class DeployDocument:
    """The document with ``places`` filled in: each key is replaced by its value, the first ones first."""

    def __init__(self, places: dict[str, str] | None = None) -> None:
        text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
        self.named = set(_UNIT_NAME.findall(text))
        self.blocks = read_blocks(text)
        for old, new in (places or {}).items():
            self.blocks = [replace(block, text=block.text.replace(old, new)) for block in self.blocks]
        self.units = {}
        for block in self.blocks:
            if block.text.startswith(("[Unit]", "[Service]", "[Timer]")):
                name = _UNIT_NAME.findall(block.before)[-1]
                self.units[name] = SystemdUnit(name, block.text)

    def find(self, heading: str, words: str) -> Block:
        """Return the one block under a heading that has the words in it."""
        (found,) = [block for block in self.blocks if block.heading == heading and words in block.text]
        return found

    def list_named_by(self, verb: str, heading: str = "") -> set[str]:
        """Return the units that ``systemctl`` with a verb names, under one heading or in all the text."""
        named = set()
        for block in self.blocks:
            for line in block.commands if heading in ("", block.heading) else ():
                program, *words = line.split()
                if program == "systemctl" and words[0] == verb:
                    named |= {word for word in words[1:] if not word.startswith("-")}
        return named
