"""Django with views, middleware and templates of the site, loaded once by the process that forks servers."""

import os

import django
from django.template.loader import get_template
from django.test import Client

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
Client().get("/accounts/login/")
get_template("kpm/work.html")
