"""What was put right or read, by whom and when. What a child's field said is on the child's page alone."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.admin.base import ViewOnlyAdmin
from registry.models import ChangeLog, ChangeSubject, MergedChild, ReadLog
from registry.nik import InvalidToken


@admin.register(ChangeLog)
class ChangeLogAdmin(ViewOnlyAdmin):
    list_display = ("at", "subject", "subject_id", "field", "by", "reason")
    list_select_related = ("by",)
    list_filter = ("subject",)
    date_hierarchy = "at"
    search_fields = ("subject_id", "field", "by__username", "reason")
    fields = ("at", "subject", "subject_id", "field", "old_and_new", "by", "reason")

    @admin.display(description=_("nilai lama dan baru"))
    def old_and_new(self, change: ChangeLog) -> str:
        if change.subject == ChangeSubject.CHILD:
            return gettext("ada di halaman anak")
        try:
            return " → ".join(value or "–" for value in change.values)
        except InvalidToken:
            return gettext("tersandi dengan kunci lain")


@admin.register(ReadLog)
class ReadLogAdmin(ViewOnlyAdmin):
    list_display = ("day", "user", "subject", "subject_id", "path", "reason")
    list_select_related = ("user",)
    list_filter = ("subject",)
    date_hierarchy = "day"
    search_fields = ("=subject_id", "user__username")
    fields = ("user", "day", "at", "subject", "subject_id", "path", "reason")


@admin.register(MergedChild)
class MergedChildAdmin(ViewOnlyAdmin):
    list_display = ("id", "at", "by")
    list_select_related = ("by",)
    date_hierarchy = "at"
    search_fields = ("=id", "by__username")
    fields = ("id", "kept", "at", "by")
