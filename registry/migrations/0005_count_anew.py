from django.db import migrations


def forget(apps, schema_editor):
    """Stored figures lack the new counters: without them every page counts from the raw rows, rightly and
    slowly, until ``manage.py rebuild_figures`` has stored them anew.
    """
    apps.get_model("registry", "VillageMonth").objects.all().delete()
    apps.get_model("registry", "CountedMonth").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_dashboard_figures"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
