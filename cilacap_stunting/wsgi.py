"""WSGI entry point, the one that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")

application = get_wsgi_application()

# Only now that Django is set up. scipy.special takes half a second that no reader of a page shall wait for.
import scipy.special  # noqa: E402, F401

from dashboard.charts.svg import warm_up  # noqa: E402

warm_up()

# What is loaded by now lives as long as the process. Searching it for garbage made one page in thirty a tenth
# of a second slower.
gc.collect()
gc.freeze()
gc.set_threshold(100_000, 50, 100)
