"""WSGI entry point, the one that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")

application = get_wsgi_application()

# Only now that Django is set up. What no reader of a page shall wait for: scipy.special takes half a second,
# the addresses with all their views two.
import scipy.special  # noqa: E402, F401
from django.urls import get_resolver  # noqa: E402

from dashboard.charts.svg import warm_up  # noqa: E402

_ = get_resolver().url_patterns
warm_up()

# What is loaded by now lives as long as the process. Searching it for garbage made one page in thirty a tenth
# of a second slower.
gc.collect()
gc.freeze()
gc.set_threshold(100_000, 50, 100)
