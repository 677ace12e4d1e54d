"""The Django project: settings, addresses and the two entry points. Nothing else lives here."""
