"""Write the secrets of this installation to an env file: ``write_env.py .env``.

A new file gets what a register on this machine alone needs. An existing one keeps every line; only secrets
that it lacks are added. Standard library only, since it runs before anything else is certain to be there.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

LOCAL_ONLY = {
    "DEMO_PASSWORD": lambda: f"demo-{secrets.token_hex(4)}",
    "HTTPS": lambda: "0",
    "SECOND_FACTOR": lambda: "0",
    "ALLOWED_HOSTS": lambda: "localhost,127.0.0.1,[::1]",
}
SECRETS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "NIK_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "NIK_HASH_KEY": lambda: secrets.token_urlsafe(32),
    "BACKUP_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}
HEADER = (
    "# Rahasia dan pengaturan pemasangan ini; jangan dibagikan dan jangan dihapus: tanpa NIK_KEYS semua NIK\n"
    "# tidak terbaca lagi. Arti tiap baris ada di docs/deploy.md.\n"
)


def present(text: str) -> set[str]:
    """Return the names that have a value in the text of an env file."""
    pairs = (line.partition("=") for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {name.strip() for name, _, value in pairs if value.strip()}


def complete(text: str, *, new: bool) -> str:
    """Return the text with a line for each name that it lacks."""
    makers = SECRETS | LOCAL_ONLY if new else SECRETS
    missing = [f"{name}={make()}\n" for name, make in makers.items() if name not in present(text)]
    if text and not text.endswith("\n"):
        text += "\n"
    return text + "".join(missing)


def main(path: Path) -> None:
    """Create or complete the file; nobody but its owner may read it."""
    new = not path.exists()
    before = HEADER if new else path.read_text(encoding="utf-8")
    after = complete(before, new=new)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(after)
    path.chmod(0o600)
    print(f"{'Menulis' if new else 'Melengkapi'} / {'Wrote' if new else 'Completed'} {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
