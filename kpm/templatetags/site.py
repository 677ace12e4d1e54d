"""Small words of the site's templates: icons, numbers as Indonesia writes them, ages, the menu."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kpm import navigation
from kpm.case_words import case_step_words
from kpm.consent import consent_words
from kpm.value_words import age, grade_words, zscore
from registry.accounts.second_factor import may_have_second_factor
from registry.models import User

register = template.Library()

register.filter(age)
register.filter(zscore)
register.filter(grade_words)
register.filter(consent_words)
register.filter(case_step_words)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a picture of ``static/icons/sprite.svg``; readers aloud skip it for the word next to it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.filter
def has_security_page(user: object) -> bool:
    """Return whether the page of the own second factor is there for ``user``."""
    return isinstance(user, User) and may_have_second_factor(user)


@register.filter
def amount(value: Decimal | float | str | None) -> str:
    """Return kg or cm as read off the scale: at least one decimal, no padding. 12.100 is 12,1.

    Nothing where nothing was measured; a template says an empty text for a value of no measurement. What is
    no number, and so was never stored, is shown as it was typed.
    """
    if value is None or value == "":
        return ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return str(value)
    places = max(1, -int(number.normalize().as_tuple().exponent))
    return number_format(number, decimal_pos=places)


@register.filter
def svg_number(value: float) -> str:
    """Return a coordinate for SVG, which knows no decimal comma."""
    return f"{value:g}"


@register.filter
def percent(part: int, whole: int) -> str:
    """Return ``part`` of ``whole`` in percent with one decimal; a dash when there is nothing to divide by."""
    if not whole:
        return "–"
    return f"{number_format(round(100 * part / whole, 1), decimal_pos=1)}%"


@register.filter
def value_of(values: Mapping[Any, Any], key: object) -> Any:
    """Return the value of ``key``; None without one."""
    return values.get(key)


@register.simple_tag(takes_context=True)
def site_menu(context: template.Context) -> list[navigation.MenuLink]:
    """Return the menu of the signed-in user; empty for everybody else and on pages without a request."""
    request: Any = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return navigation.menu_for(user, request.path)


@register.simple_tag(takes_context=True)
def site_posts(context: template.Context) -> list[Any]:
    """Return the roles and places of the signed-in user, for the header."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return []
    return navigation.posts_of(user)
