"""Only actions write (docs/architecture.md): finds every other ORM or SQL write by its syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("registry", "kpm", "dashboard", "demo", "cilacap_stunting")

ACTIONS = (
    "registry/actions/",
    "kpm/actions.py",
    "kpm/audit_actions.py",
    "kpm/case_actions.py",
    "kpm/event_actions.py",
    "kpm/import_actions.py",
    "kpm/lokus_actions.py",
    "kpm/move_request_actions.py",
    "kpm/case_actions.py",
    "kpm/event_actions.py",
    "kpm/convergence_actions.py",
    "kpm/household_actions.py",
    "kpm/scorecard_actions.py",
)
OTHER_WRITERS = {
    "registry/migrations/": "migrations change tables",
    "kpm/migrations/": "migrations change tables",
    "registry/places/load.py": "the loader of places, before anybody signs in",
    "registry/places/boundaries.py": "the loader of outlines, a command of the administrator",
    "registry/db/bulk_insert.py": "the statement itself; only actions call it",
    "demo/": "the invented district is loaded into an empty register",
}
"""Files and folders that may write, and why."""

EXCEPTIONS = {
    "registry/accounts/validators.py::RevokeTokensOnPasswordChange.password_changed": "Django calls it",
    "registry/accounts/attempts.py::SignInHandler.user_logged_in": "an address of a name is a row of axes",
    "registry/accounts/attempts.py::SignInHandler.reset_user_attempts": "failed sign-ins are rows of axes",
    "registry/accounts/second_factor.py::mark_code_used": "a code works once: rows of allauth",
    "registry/accounts/sessions.py::SessionStore.delete": "Django's own method: a session that ends",
    "registry/models/access.py::User.save": "Django's own method, which also ends what an opened account had",
    "registry/models/access.py::User.end_sessions_and_tokens": "an account opened again, by any way",
    "registry/models/access.py::User.set_unusable_password": "Django's own method, which also ends tokens",
    "registry/admin/access.py::UserAdmin.save_formset": "asks a formset what to store, and stores nothing",
    "registry/models/child.py::Child.save": "seals the NIK of every child that is saved",
    "registry/db/locks.py::lock_for_key_share": "locks rows and changes none",
    "registry/management/commands/forget_attempts.py::Command.handle": "failed sign-ins are rows of axes",
    "registry/gauges.py::measure_database": "asks for a size and changes no row",
    "registry/exports/file_writers.py::write_xls": "saves a workbook, not a row",
    "registry/static_files.py::StaticFiles.save": "stores a script, not a row",
}
"""Single functions that may write, and why. One that is gone or writes no more must leave this list."""

ROW_WRITES = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ROW_WRITES |= {f"a{name}" for name in (*ROW_WRITES, "update")}
SQL_CALLS = {"execute", "executemany", "executescript", "copy", "copy_expert", "copy_from"}
BULK = {"BulkInsert"}


def writes_in(tree: ast.AST, name: str = "") -> Iterator[tuple[str, int, str]]:
    """Yield the function, the line and the call of each write below ``tree``."""
    for node in ast.iter_child_nodes(tree):
        inner = name
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner = f"{name}.{node.name}" if name else node.name
        elif isinstance(node, ast.Call) and (call := write_of(node)):
            yield name, node.lineno, call
        yield from writes_in(node, inner)


def write_of(call: ast.Call) -> str:
    """Return the name of a call that writes rows, else an empty text."""
    if isinstance(call.func, ast.Name):
        return call.func.id if call.func.id in BULK else ""
    if not isinstance(call.func, ast.Attribute):
        return ""
    name = call.func.attr
    if name in ROW_WRITES or name in BULK:
        return name
    # A queryset is updated by keywords, a dict or a hash by one argument.
    if name == "update" and not call.args and call.keywords:
        return name
    return name if name in SQL_CALLS and (call.args or call.keywords) else ""


def product_writes() -> Iterator[tuple[str, str]]:
    """Yield ``file::function`` and the place of each write outside the files that may."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith((*ACTIONS, *OTHER_WRITERS)):
                continue
            for function, line, call in writes_in(ast.parse(path.read_text(encoding="utf-8"))):
                yield f"{name}::{function}", f"{name}:{line} {function}: .{call}()"


def test_only_actions_write() -> None:
    found = [place for key, place in product_writes() if key not in EXCEPTIONS]
    assert not found, "move the write into an action, or name it with a reason:\n" + "\n".join(found)


def test_each_exception_still_writes() -> None:
    assert set(EXCEPTIONS) <= {key for key, _place in product_writes()}


@pytest.mark.parametrize("name", [*ACTIONS, *OTHER_WRITERS])
def test_each_writer_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize(
    "line",
    [
        "child.save()",
        "Child.objects.filter(pk=1).delete()",
        "Child.objects.create(name='x')",
        "Child.objects.bulk_create([])",
        "Child.objects.bulk_update(rows, ['name'])",
        "Child.objects.update(name='x')",
        "Child.objects.filter(pk=1).update(**values)",
        "Child.objects.get_or_create(pk=1)",
        "await Child.objects.aupdate_or_create(pk=1)",
        "cursor.execute('UPDATE registry_child SET name = 1')",
        "cursor.copy_expert(sql, file)",
        "BulkInsert(Child)",
    ],
)
def test_a_write_is_found(line: str) -> None:
    tree = ast.parse(f"class View:\n    async def post(self):\n        {line}")
    assert [function for function, _line, _call in writes_in(tree)] == ["View.post"]


@pytest.mark.parametrize(
    "line",
    ["values.update(other)", "made.update(text.encode())", "rows.copy()", "path.open()", "seen.add(1)"],
)
def test_what_writes_no_row_is_left_alone(line: str) -> None:
    assert not list(writes_in(ast.parse(line)))
