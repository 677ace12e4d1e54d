"""Which files an event may carry: papers and pictures that run nothing, each what its name says it is."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePath

from django.utils.translation import gettext as _

from registry.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 10
"""Of one event. A database holds them, sealed: a third more than their size."""

_BEGINNINGS: Mapping[str, bytes] = {
    "pdf": b"%PDF-",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
}
_FOLDERS: Mapping[str, str] = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
"""What the archive of an Office file holds, by its ending."""

ENDINGS = (*_FOLDERS, *_BEGINNINGS)


def require_material(file_name: str, content: bytes) -> str:
    """Return the ending of the name. Raises Invalid for a file too large, of another kind, or with macros."""
    ending = PurePath(file_name).suffix[1:].lower()
    if ending not in ENDINGS:
        raise Invalid(
            "material_kind",
            _("Berkas harus salah satu dari: %(kinds)s.") % {"kinds": ", ".join(ENDINGS)},
            "file",
        )
    if len(content) > MOST_BYTES:
        raise Invalid("material_large", _("Berkas paling besar 5 MB."), "file")
    is_known = (
        _is_office(content, _FOLDERS[ending])
        if ending in _FOLDERS
        else content.startswith(_BEGINNINGS[ending])
    )
    if not is_known:
        raise Invalid(
            "material_other",
            _("Isi berkas ini bukan %(kind)s yang utuh tanpa makro. Simpan lagi, lalu pilih lagi.")
            % {"kind": ending},
            "file",
        )
    return ending


def _is_office(content: bytes, folder: str) -> bool:
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    runs = any("vbaproject" in name.lower() or "activex" in name.lower() for name in names)
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names) and not runs
