"""Spreadsheets of the field out: e-PPGBM, the two Sigizi templates, WHO Anthro and ENA.

``door`` says who may take what, ``source`` reads the register row by row, ``eppgbm``, ``sigizi`` and
``anthro`` lay a row out, ``words`` and ``niks`` say what a cell holds, ``files`` writes CSV, XLSX and XLS,
``make`` does all of it and logs it. ``screen`` gives a table or list of a page, ``report_rows`` the rows of a
file that came in.
"""

from registry.exports.export_data import Exported, export
from registry.exports.file_writers import CONTENT_TYPES

__all__ = [
    "CONTENT_TYPES",
    "Exported",
    "export",
]
