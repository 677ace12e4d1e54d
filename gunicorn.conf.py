"""What gunicorn reads by itself where it starts: its own lines are written as the register's."""

from cilacap_stunting.settings import LOGGING

logconfig_dict = LOGGING
accesslog = None  # it would hold addresses; registry.observability.middleware logs each request
