"""docs/access.md: each address x role x whose object it is, written from the rules that test_pages proves."""

from __future__ import annotations

import os

from django.conf import settings

from registry.models import Role
from tests.access.test_pages import BY_NAME, OF_FILES, PLACED, RULES, WIDE

FILE = settings.BASE_DIR / "docs" / "access.md"
RENEW = "RENEW_ACCESS=1 script/test --sqlite tests/access/test_matrix.py"
HEAD = f"""# Who may open what

Made by `{RENEW}`; do not edit. `tests/access/test_pages.py` asks every cell of it.

- **own**: an object of the user's own area, or a file of the user's own.
- **other**: one of the village, puskesmas or kecamatan beside it, or another user's file.
- **none**: an address without an object of a place.
- **-**: 404, as if it were not there. An object of another district is there for nobody.
- Somebody not signed in is asked to sign in, or gets 401 (API and JSON). "no role" is a user without a place.
- `/admin/` opens for administrators only. Everybody else is sent to the site's sign-in, or told so.

"""


def say_access(name: str, role: Role | None) -> str:
    """Whose objects ``role`` gets at the address ``name``."""
    rule = RULES[name]
    if not (rule.anybody_signed_in or role in rule.roles):
        return "-"
    if name in OF_FILES:
        return "own"
    if name not in PLACED:
        return "none"
    return "own, other" if role in WIDE else "own"


def make_access_page() -> str:
    """The whole of docs/access.md."""
    roles = [*Role, None]
    heads = ["address", "methods", "not signed in", *(role or "no role" for role in roles)]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for name, rule in RULES.items():
        route = "/" + BY_NAME[name].route.replace("|", "\\|")
        opens = "none" if rule.public else "-"
        cells = [f"`{route}`", ", ".join(rule.methods), opens, *(say_access(name, role) for role in roles)]
        lines.append("| " + " | ".join(cells) + " |")
    return HEAD + "\n".join(lines) + "\n"


def test_the_page_of_access_says_what_the_rules_say() -> None:
    page = make_access_page()
    if os.environ.get("RENEW_ACCESS") == "1":
        FILE.write_text(page, encoding="utf-8")
    assert FILE.exists() and page == FILE.read_text(encoding="utf-8"), f"if that is meant: {RENEW}"
