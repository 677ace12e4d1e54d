"""Settings of the register.

What differs between installations comes from the environment or from `.env` (the environment wins).
`script/setup` writes that file; `docs/deploy.md` explains each line.
"""

import logging
import os
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # what is made here and not committed: database, collected static files

os.umask(0o077)  # what any process of the register writes is for its own account alone

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def require_setting(name: str) -> str:
    """Return a setting that has no safe default; raise ImproperlyConfigured when it is absent or empty."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} belum ada: jalankan script/setup, yang menulisnya ke berkas .env. "
            f"({name} is not set: run script/setup, which writes it to the file .env.)"
        )
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no; a name left empty means the default, so that `HTTPS=` does not mean no HTTPS."""
    return env.bool(name) if env.str(name, default="") else default


# --- Secrets ------------------------------------------------------------------------------------------

SECRET_KEY = require_setting("SECRET_KEY")
# Earlier secrets: they still open what waits, sealed, on the cadres' phones.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # opens /metrics, which is not there without it
BACKUP_KEY = env.str("BACKUP_KEY", default="")  # seals what script/backup writes

# Fernet keys for the NIK of children and parents: the first encrypts, all of them decrypt.
NIK_KEYS = [key.strip() for key in require_setting("NIK_KEYS").split(",") if key.strip()]
# Keys the hash by which an encrypted NIK is found. After a change every NIK must be hashed again.
NIK_HASH_KEY = require_setting("NIK_HASH_KEY")

# The password of the demo's people; empty where no demo may be loaded.
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")

# --- Where it runs ------------------------------------------------------------------------------------

DEBUG = flag("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS tidak boleh berisi *: tulis nama situs ini. "
        "(ALLOWED_HOSTS must not contain *: write the name of this site.)"
    )

HTTPS = flag("HTTPS", default=True)  # script/setup writes HTTPS=0, for 127.0.0.1 only
BEHIND_PROXY = flag("BEHIND_PROXY", default=False)

SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Preloading HSTS binds the whole domain for years: its owner decides that, not one site on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY:
    # Without a proxy that overwrites these headers, anyone can send them.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ROOT_URLCONF = "cilacap_stunting.urls"
WSGI_APPLICATION = "cilacap_stunting.wsgi.application"
ASGI_APPLICATION = "cilacap_stunting.asgi.application"

# --- Applications -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "registry",
    "kpm",
    "dashboard",
    "demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "csp",
    "axes",
    "allauth",
    "allauth.account",  # for allauth.mfa; of its pages only the password again is reachable
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "registry.observability.middleware.observe_request",
    "django.middleware.security.SecurityMiddleware",
    # A roster of 200 children is 150 KB as it is and 20 compressed; Django pads answers against guessing.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "registry.accounts.middleware.closed_to_other_sites",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.accounts.middleware.signed_in_user_cookie",
    "registry.accounts.middleware.no_store_for_signed_in",
    "registry.accounts.middleware.own_password_first",
    "registry.accounts.second_factor_middleware.second_factor_first",
    "registry.exports.middleware.log_files_with_names",
    "registry.exports.middleware.log_people_read",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# No inline script or style, nothing from another host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}

# --- Database -----------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"].get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
    raise ImproperlyConfigured(
        "DATABASE_URL tidak dikenal. Tulis sqlite:///var/db.sqlite3 atau postgres://nama:sandi@host/data. "
        "(DATABASE_URL is not understood. Write sqlite:///var/db.sqlite3 or postgres://name:pass@host/base.)"
    )
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        # A write transaction takes its lock when it begins, so that two of them queue instead of failing
        # half-way. Who waits longer, while a large file is written, is told to come back (503).
        "transaction_mode": "IMMEDIATE",
        "timeout": env.int("SQLITE_TIMEOUT", default=10),
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=300)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
    # Progress of a background task, which another process shows. A file: the task's one transaction stays
    # open until the end, so nothing it writes to the database can be seen before.
    "progress": env.cache_url("PROGRESS_CACHE_URL", default=f"filecache://{VAR_DIR / 'progress'}"),
}

# --- Work in the background -----------------------------------------------------------------------------

# `manage.py db_worker` checks and imports files; script/server starts it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- People signing in --------------------------------------------------------------------------------

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: refuses before a password is checked
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

SESSION_ENGINE = "registry.accounts.sessions"  # a stolen backup opens none
# A cadre works on her own phone, often offline: two weeks from signing in. Renewing it at each request would
# make every GET write.
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60

# A phone that does not hear the register for so many days deletes its rosters. After 35 it asks whether its
# clock is right, so that a clock set ahead is put right first.
ROSTER_DAYS = env.int("ROSTER_DAYS", default=45)

# Years after a child's record has ended that it says who the child is (docs/adr/0015).
RETENTION_YEARS = env.int("RETENTION_YEARS", default=25)

# The first makes new hashes; one made by another becomes the first's when its user signs in.
PASSWORD_HASHERS = [
    "registry.accounts.hashers.MemoryBoundArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "registry.accounts.validators.RevokeTokensOnPasswordChange"},
]

# Failed sign-ins lock for a quarter of an hour by name, by address and by both. Numbers and exemptions
# stand in registry.accounts.attempts, which reads these three in this order.
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address", ["username", "ip_address"]]
AXES_FAILURE_LIMIT = 1  # of those limits
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # otherwise Retry-After would not be true
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_REAL_IP" if BEHIND_PROXY else "REMOTE_ADDR"]
AXES_CLIENT_IP_CALLABLE = "registry.accounts.attempts.find_client_address"
AXES_LOCKOUT_CALLABLE = "registry.accounts.attempts.render_locked_out"
AXES_VERBOSE = False
AXES_HANDLER = "registry.accounts.attempts.SignInHandler"
AXES_USERNAME_CALLABLE = "registry.accounts.attempts.name_of_attempt"
AXES_DISABLE_ACCESS_LOG = True  # its rows hold the session and the browser; ours only name, address and day

# Who works for more than one puskesmas, or in the admin, signs in with a second factor: a code of an app, a
# passkey or a recovery code (registry.accounts.second_factor). With 0 only those who have set one up do.
SECOND_FACTOR = flag("SECOND_FACTOR", default=True)

ACCOUNT_ADAPTER = "registry.accounts.allauth_adapters.AccountAdapter"
ACCOUNT_RATE_LIMITS = False  # it counts in each worker's memory; registry.accounts.attempts counts for all
ACCOUNT_REAUTHENTICATION_METHODS = ["password"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"reauthenticate": "registry.accounts.password_form.PasswordAgainForm"}
MFA_ADAPTER = "registry.accounts.allauth_adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "registry.accounts.second_factor.CodeForm",
    "authenticate_webauthn": "registry.accounts.second_factor.PasskeyAnswerForm",
    "activate_totp": "registry.accounts.second_factor.FirstCodeForm",
    "add_webauthn": "registry.accounts.second_factor.PasskeyForm",
}
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Register Balita Cilacap"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute wrong
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # on 127.0.0.1 only

# --- Language, numbers and dates ----------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("Bahasa Inggris"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
# Grouping would print the year 2024 as "2.024". Counts ask for it with |intcomma (django.contrib.humanize).
USE_THOUSAND_SEPARATOR = False

# --- Files --------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "registry.static_files.StaticFiles"},
}
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600  # also of the static files that are collected
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes of a body that is not a file, such as a batch
SPREADSHEET_MAX_BYTES = 32 * 1024 * 1024  # of one uploaded e-PPGBM or Sigizi file

# --- REST ---------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.api.authentication.FactorTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min"},
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "registry.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

REST_KNOX = {
    "TOKEN_TTL": timedelta(days=90),
    "AUTO_REFRESH": False,
    "TOKEN_LIMIT_PER_USER": 10,
}

SPECTACULAR_SETTINGS = {
    "ENUM_NAME_OVERRIDES": {
        "ChildStatusEnum": "registry.models.ChildStatus",
        "CaseReasonEnum": "kpm.case_api.REASONS",
        "EventKindEnum": "kpm.models.EventKind",
        "KindEnum": "registry.models.VillageKind",
        "ReferredToEnum": "kpm.models.ReferredTo",
    },
    "TITLE": "Register pertumbuhan balita Kabupaten Cilacap",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
}

# --- Logging ------------------------------------------------------------------------------------------

# To standard error only, where systemd keeps it: a line an event, without values of people
# (registry.observability). No mail is sent: it would carry children's names and NIK out of the register.
LOG_FORMAT = env.str("LOG_FORMAT", default="") or "json"
if LOG_FORMAT not in {"json", "plain"}:
    raise ImproperlyConfigured("LOG_FORMAT harus json atau plain. (LOG_FORMAT must be json or plain.)")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "registry.observability.log_lines.JsonLines"},
        "plain": {"()": "registry.observability.log_lines.PlainLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # The register logs each request itself; of a fault Django has the trace.
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
        "gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "axes": {"level": "ERROR"},
        "django_tasks": {"level": "CRITICAL"},  # registry.imports logs each task itself
        "django_tasks_db": {"level": "WARNING"},  # a line at each look for a task
    },
}
logging.captureWarnings(True)  # a warning may quote a value too
