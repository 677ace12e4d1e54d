"""How far a file is, in words."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.imports.progress import ProgressState, Stage


def progress_words(known: ProgressState) -> str:
    """As "Langkah 2 dari 3: anak dicocokkan dengan register, 45.000 baris"."""
    words = str(known.stage.words)
    if known.stage is Stage.COUNTING:
        months = {"stage": words, "done": known.done or 0, "months": known.rows}
        words = _("%(stage)s, %(done)d dari %(months)d bulan") % months
    elif known.done is not None:
        done, rows = intcomma(known.done), intcomma(known.rows)
        words = _("%(stage)s, %(done)s dari %(rows)s baris") % {"stage": words, "done": done, "rows": rows}
    elif known.rows:
        counted = ngettext("%(stage)s, %(rows)s baris", "%(stage)s, %(rows)s baris", known.rows)
        words = counted % {"stage": words, "rows": intcomma(known.rows)}
    step = {"number": known.number, "of": known.of, "stage": words}
    return _("Langkah %(number)d dari %(of)d: %(stage)s") % step
