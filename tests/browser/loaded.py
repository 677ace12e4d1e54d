"""Django with every view of the site, loaded once by the process from which servers are forked."""

import os

import django
from django.urls import get_resolver

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
get_resolver().url_patterns  # noqa: B018
