"""What several pages of the admin share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from registry.access.decorators import user_of
from registry.models import District, Kecamatan, Puskesmas, Village


def place_label(place: District | Kecamatan | Puskesmas | Village | None) -> str:
    """Return a name of the place that is unique: sixteen villages share theirs, so the kecamatan is added."""
    return f"{place} ({place.kecamatan})" if isinstance(place, Village) else str(place)


class ViewOnly:
    """Rows that are looked at here and written elsewhere, by an action or a count."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ViewOnlyAdmin(ViewOnly, admin.ModelAdmin):
    # Counting a table of millions for "of how many" costs more than the page.
    show_full_result_count = False


class VisibleRowsAdmin(ViewOnlyAdmin):
    """Of these rows an administrator sees those that anybody of the same roles and places sees."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model.objects.visible_to(user_of(request))


class FixedOnceAddedAdmin(admin.ModelAdmin):
    """Rows some of whose fields, ``fixed``, are set when added and never after."""

    fixed: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        readonly = tuple(super().get_readonly_fields(request, obj))
        return (*readonly, *self.fixed) if obj else readonly
