"""Lets access end with the terms that were appointed before access had an end."""

from django.db import migrations


def set_ends(apps, schema_editor):
    """Set the last day of each cadre's membership to that of her last term in the village."""
    ends = {}
    terms = apps.get_model("kpm", "Cadre").objects.filter(user__isnull=False).order_by("term_start")
    for user, village, end in terms.values_list("user_id", "village_id", "term_end"):
        ends[user, village] = end
    memberships = apps.get_model("registry", "Membership").objects.filter(role="cadre")
    for (user, village), end in ends.items():
        memberships.filter(user_id=user, village_id=village).update(until=end)


class Migration(migrations.Migration):
    dependencies = [
        ("kpm", "0001_initial"),
        ("registry", "0004_membership_until"),
    ]

    operations = [migrations.RunPython(set_ends, migrations.RunPython.noop)]
