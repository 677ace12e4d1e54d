"""Lets access start with the terms, and pause between two of them, as it ends with them."""

from datetime import timedelta

from django.db import migrations


def set_days(apps, schema_editor):
    """Give each cadre with terms in a village one membership for terms that follow without a gap."""
    days = {}
    terms = apps.get_model("kpm", "Cadre").objects.filter(user__isnull=False).order_by("term_start")
    for user, village, start, end in terms.values_list("user_id", "village_id", "term_start", "term_end"):
        joined = days.setdefault((user, village), [])
        if joined and joined[-1][1] is not None and start <= joined[-1][1] + timedelta(days=1):
            joined[-1][1] = end
        else:
            joined.append([start, end])
    memberships = apps.get_model("registry", "Membership").objects
    for (user, village), joined in days.items():
        held = {"user_id": user, "village_id": village, "role": "cadre"}
        (since, until), *later = joined
        memberships.filter(**held).update(since=since, until=until)
        for since, until in later:
            memberships.create(**held, since=since, until=until)


class Migration(migrations.Migration):
    dependencies = [
        ("kpm", "0002_access_ends_with_term"),
        ("registry", "0011_membership_since"),
    ]

    operations = [migrations.RunPython(set_days, migrations.RunPython.noop)]
