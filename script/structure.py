"""Say where the code is larger or less clear than its rules allow (docs/contributing.md): one line a place.

It looks at the Python and JavaScript of product and benchmarks: files past 400 lines, functions past 40,
classes of one name in two files, functions named by a participle alone, and docstrings whose summary runs
over a line.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("cilacap_stunting", "registry", "kpm", "dashboard", "demo", "bench", "script", "static")
MOST_FILE_LINES, MOST_FUNCTION_LINES = 400, 40
FRAMEWORK_CLASSES = {"Meta", "Media", "Command", "Migration"}
PARTICIPLE = re.compile(
    r"[a-z]+ed|taken|given|written|chosen|drawn|known|seen|kept|told|said|found|left|brought|made|lost|built|sent|held"
    r"|done|shown|beside|anew"
)
PLAIN_WORDS = {"seed", "speed", "need", "feed", "embed", "shed"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def product_files() -> list[Path]:
    """Return the files that git tracks in the product's folders, without migrations."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PRODUCT],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if name.endswith((".py", ".js")) and "/migrations/" not in name]


def problems() -> Iterator[str]:
    """Yield a line for each place that breaks a rule."""
    classes: dict[str, list[str]] = defaultdict(list)
    for path in product_files():
        if not path.exists():
            continue
        name, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MOST_FILE_LINES:
            yield f"{name}: {lines} lines; at most {MOST_FILE_LINES}. Is it two modules?"
        if path.suffix == ".py":
            yield from problems_of_python(name, ast.parse(text), classes)
    for class_name, places in sorted(classes.items()):
        if len(places) > 1:
            yield f"class {class_name} is defined {len(places)} times: {', '.join(places)}"


def problems_of_python(name: str, tree: ast.Module, classes: dict[str, list[str]]) -> Iterator[str]:
    """Yield the problems of one module and note its classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name not in FRAMEWORK_CLASSES:
            classes[node.name].append(f"{name}:{node.lineno}")
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_FUNCTION_LINES:
                yield f"{name}:{node.lineno} {node.name}: {length} lines; at most {MOST_FUNCTION_LINES}"
            word = "" if is_property(node) or node.name.startswith("__") else node.name.strip("_")
            if PARTICIPLE.fullmatch(word) and word not in PLAIN_WORDS:
                yield f"{name}:{node.lineno} {node.name}: a participle alone; name it by verb and object"
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from problems_of_docstring(name, node)


def is_property(node: Function) -> bool:
    """Return whether it is read like a field, which may be called weighed or stunted."""
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


def problems_of_docstring(name: str, node: ast.Module | ast.ClassDef | Function) -> Iterator[str]:
    """Yield a line when the summary of a docstring reaches over its first line."""
    lines = (ast.get_docstring(node) or "").splitlines()
    if len(lines) > 1 and lines[1].strip():
        place = name if isinstance(node, ast.Module) else f"{name}:{node.lineno} {node.name}"
        yield f"{place}: the docstring's summary does not fit on its first line: {lines[0][:60]!r}"


def main() -> None:
    """Print every problem; end with 1 when there is one."""
    found = list(problems())
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
