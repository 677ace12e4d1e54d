"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth import hashers


class MemoryBoundArgon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Argon2id as OWASP's Password Storage Cheat Sheet has it for 46 MiB.

    Django's 100 MiB and eight lanes took 1 GB where a morning's twenty signed in at once, and three times the
    processor's time.
    """

    time_cost = 1
    memory_cost = 46 * 1024  # KiB
    parallelism = 1
