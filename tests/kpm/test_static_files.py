"""Scripts as a district serves them: stripped when they are collected, and still the same scripts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of our collected files, which lies as `static/` does in the project."""
    folder = tmp_path_factory.mktemp("installed") / "static"
    storages = {"staticfiles": {"BACKEND": "registry.static_files.StaticFiles"}}
    ours = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(STATIC_ROOT=folder, STORAGES=storages, STATICFILES_FINDERS=ours):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


@pytest.fixture
def node() -> str:
    path = shutil.which("node")
    if path is None:
        pytest.skip("no node here: apt-get install nodejs")
    return path


def scripts(collected: Path) -> dict[str, str]:
    """Our scripts as collected, by the names they had before."""
    paths: dict[str, Any] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    ours = {name: hashed for name, hashed in paths.items() if name.startswith("js/") and name.endswith(".js")}
    return {name: (collected / hashed).read_text() for name, hashed in ours.items()}


def test_a_script_is_served_without_its_comments(collected: Path) -> None:
    for name, text in scripts(collected).items():
        assert "/**" not in text, name
        assert len(text) < (ROOT / "static" / name).stat().st_size, name


def test_a_stripped_script_imports_what_is_there_by_its_new_name(collected: Path) -> None:
    found = scripts(collected)
    imported = [
        collected / Path(name).parent / url
        for name, text in found.items()
        for url in re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""", text)
    ]
    assert len(imported) > 30
    for path in imported:
        assert re.search(r"\.[0-9a-f]{12}\.js$", path.name), path
        assert path.resolve().is_file(), path


def test_node_reads_every_stripped_script(collected: Path, node: str, tmp_path: Path) -> None:
    for name, text in scripts(collected).items():
        script = tmp_path / "script.mjs"
        script.write_text(text)
        done = subprocess.run([node, "--check", script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{name}: {done.stderr}"


def test_the_stripped_rules_pass_the_tests_of_the_rules(collected: Path, node: str) -> None:
    tests = collected.parent / "tests"
    shutil.copytree(ROOT / "tests" / "js", tests / "js")
    (tests / "data").symlink_to(ROOT / "tests" / "data")
    files = sorted((tests / "js").glob("*.test.mjs"))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
