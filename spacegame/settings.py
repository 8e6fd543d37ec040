"""All settings, read from the environment; README.md documents every variable in one table."""

import sys
from datetime import timedelta
from pathlib import Path

from spacegame import embedded, kitchen
from spacegame.environment import Environment
from spacegame.logs import logging_config
from spacegame.play_environment import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(dot_env=BASE_DIR / ".env")

VAR_DIR = Path(env.text("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
SPOOL_DIR = VAR_DIR / "spool"

# --- Core ---------------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG", default=False)
# An empty key is refused by a system check unless DEBUG is on; see spacegame/checks.py. Commands beside a
# running `manage.py play` need its key: what they seal, it opens.
SECRET_KEY = env.text(
    "SECRET_KEY", default=kept_secret(VAR_DIR) or ("insecure-development-key" if DEBUG else "")
)
SECRET_KEY_FALLBACKS = list(env.words("SECRET_KEY_FALLBACKS"))
ALLOWED_HOSTS = list(env.words("ALLOWED_HOSTS", default=["*"] if DEBUG else ["localhost", "127.0.0.1"]))
CSRF_TRUSTED_ORIGINS = list(env.words("CSRF_TRUSTED_ORIGINS"))
HTTPS = env.flag("HTTPS", default=not DEBUG)
BASE_URL = env.url("BASE_URL", schemes=["http", "https"], default="")
METRICS_TOKEN = env.text("METRICS_TOKEN")

INSTALLED_APPS = [
    # Daphne is what `runserver` becomes; loading it costs every other process 0.4 s.
    *(["daphne"] if sys.argv[1:2] == ["runserver"] else []),
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "allauth",
    "allauth.account",
    "django_celery_beat",
    "csp",
    "spacegame",
    "events",
    "events.webhooks",
    "events.ingest",
    "events.feed",
    "accounts",
    "rooms",
    "rooms.arena",
    "rooms.trivia",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before what adds headers for pages: a room's page asks for sixty files, and each half kilobyte counts.
    "spacegame.static_files.StaticFilesMiddleware",
    "spacegame.middleware.request_context",
    "csp.middleware.CSPMiddleware",
    "spacegame.middleware.admin_policy",
    # Django pads what it compresses by a random length, so that tokens cannot be guessed from sizes.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AccountsMiddleware",
]

ROOT_URLCONF = "spacegame.urls"
ASGI_APPLICATION = "spacegame.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["spacegame.templatetags.icon"],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at BEGIN, so that two writers queue instead of failing to upgrade.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
        ),
    }
    # Tests run on a file too: WAL, and several processes, are what play has.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    # A pool, because a connection kept by a thread is lost with it, and ASGI has a thread for each request.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 20, "timeout": 10}

# --- Redis, channel layer, Celery ----------------------------------------------------------------

# `manage.py play` starts a private Redis and says here where it is: to its children by the environment, to
# other commands by a file.
REDIS_URL = env.url(
    "REDIS_URL",
    schemes=["redis", "rediss"],
    default=embedded.announced_url(VAR_DIR) or "redis://127.0.0.1:6379/0",
)
BROKER_URL = env.url("BROKER_URL", schemes=["redis", "rediss", "sqs"], default=REDIS_URL)
AWS_REGION = env.text("AWS_REGION", default="eu-central-1")
# boto3 and kombu read it from the environment themselves; here it is only looked at.
AWS_ENDPOINT_URL = env.url("AWS_ENDPOINT_URL", schemes=["http", "https"], default="")

CACHES = {
    "default": {
        "BACKEND": "accounts.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "sp",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},  # seconds
    }
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "sp"},
    }
}

# --- Celery -------------------------------------------------------------------------------------
# BROKER_URL alone decides between Redis and SQS. See docs/architecture.md for what survives what.

SQS = BROKER_URL.startswith("sqs:")
# How word of stored events reaches their handlers: by Celery, or by an SNS topic and `manage.py consume`.
EVENT_TRANSPORT = env.choice("EVENT_TRANSPORT", choices=["celery", "sns"], default="sns" if SQS else "celery")
SQS_QUEUE_PREFIX = env.text("SQS_QUEUE_PREFIX", default="space-pizzas-")
EVENT_TOPIC = env.text("EVENT_TOPIC", default="space-pizzas-events")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_DEFAULT_QUEUE = "maintenance"
CELERY_TASK_CREATE_MISSING_QUEUES = True
# Work that is owed names its queue itself (events/outbox.py); these are for tasks that beat sends.
CELERY_TASK_ROUTES = {
    "events.tasks.store_events": {"queue": "scoring"},
    "events.tasks.store_several": {"queue": "scoring"},
    "accounts.tasks.*": {"queue": "email"},
    "events.webhooks.tasks.*": {"queue": "webhooks"},
    "events.tasks.*": {"queue": "maintenance"},
    "rooms.tasks.*": {"queue": "maintenance"},
    "rooms.trivia.tasks.*": {"queue": "trivia"},
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# A message is acknowledged when its work is done, so a killed worker's work goes to another.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# On SQS a task that raises stays on its queue, comes again, and ends in the queue's dead letters.
CELERY_TASK_ACKS_ON_FAILURE = not SQS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Threads: our work waits for the database, and a worker of threads stops at once when asked to (prefork did
# not within 12 s in most of our trials).
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = 4
# Celery would close the database after each task; when SQLite's last connection closes, it rewrites its file.
CELERY_DB_REUSE_MAX = 10_000  # tasks
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 2  # seconds
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "region": AWS_REGION,
        "visibility_timeout": 120,  # seconds; what `provision_queues` gives the queues
        "wait_time_seconds": 10,
        # Added to the long poll. At 0, a worker whose threads are all busy would ask itself without a pause
        # whether it may fetch again.
        "polling_interval": 0.05,  # seconds
        "queue_name_prefix": SQS_QUEUE_PREFIX,
        # A message is JSON already; base64 around it would cost a third of what SQS takes.
        "sqs_base64_encoding": False,
        # Who sends must not wait long for AWS: what could not be sent is owed in the database.
        "client-config": {
            "connect_timeout": 2,
            "read_timeout": 5,
            "retries": {"total_max_attempts": 2, "mode": "standard"},
        },
    }
    if SQS
    else {
        "visibility_timeout": 120,  # seconds
        # Both at 1: by default a killed worker's messages came back after 100 s, not after the timeout.
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
)
# A handler's own limit, as Celery's do not reach into threads: see events/watching.py.
HANDLER_SECONDS = env.number("HANDLER_SECONDS", default=60)
CONSUME_SECONDS = env.number("CONSUME_SECONDS", default=600)
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1  # seconds
# Each expires before the next is due: with no worker they vanish instead of piling up. What is due several
# times a second is a row (rooms/trivia/migrations/0003_beat.py): this schedule knows whole seconds only.
CELERY_BEAT_SCHEDULE = {
    "relay": {"task": "events.tasks.relay", "schedule": 2.0, "options": {"expire_seconds": 2}},
    "worker heartbeat": {"task": "events.tasks.heartbeat", "schedule": 5.0, "options": {"expire_seconds": 5}},
    "send due webhooks": {
        "task": "events.webhooks.tasks.send_due",
        "schedule": 5.0,
        "options": {"expire_seconds": 5},
    },
    "sweep rooms": {"task": "rooms.tasks.sweep_rooms", "schedule": 5.0, "options": {"expire_seconds": 5}},
    "pause deserted quizzes": {
        "task": "rooms.trivia.tasks.pause_deserted",
        "schedule": 5.0,
        "options": {"expire_seconds": 5},
    },
}

# --- How long things are kept --------------------------------------------------------------------
# In days; 0 is for ever. Pruned every hour (a row of beat: events/migrations/0004_pruning.py).

KEEP_DELIVERIES_DAYS = env.number("KEEP_DELIVERIES_DAYS", default=30)
KEEP_FEED_DAYS = env.number("KEEP_FEED_DAYS", default=365)
KEEP_WEBHOOKS_DAYS = env.number("KEEP_WEBHOOKS_DAYS", default=30)
KEEP_RECEIVED_WEBHOOKS_DAYS = env.number("KEEP_RECEIVED_WEBHOOKS_DAYS", default=90)
KEEP_REFUSED_DAYS = env.number("KEEP_REFUSED_DAYS", default=90)
KEEP_IDLE_GUESTS_DAYS = env.number("KEEP_IDLE_GUESTS_DAYS", default=60)

# --- Accounts -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# allauth's also checks permissions; a second backend would make a wrong password take twice as long.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

# How many of our own proxies write X-Forwarded-For; 0 believes none of it.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0)

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = True
# A member's address was proven before there was a member: see accounts/signup.py.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False  # guests are logged in, and may log in
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
}

# --- Webhooks -----------------------------------------------------------------------------------

# Hosts that webhooks may be sent to although they are private, without TLS and on any port.
WEBHOOKS_TEST_HOSTS = list(env.words("WEBHOOKS_TEST_HOSTS"))

# --- Other game servers -------------------------------------------------------------------------
# Whose jobs `manage.py consume --ingest` reads; see docs/ingest.md.

INGEST_SECRET = env.text("INGEST_SECRET")
INGEST_PREVIOUS_SECRET = env.text("INGEST_PREVIOUS_SECRET")
INGEST_SQS_QUEUES = list(env.words("INGEST_SQS_QUEUES"))
INGEST_SIDEKIQ_QUEUES = list(env.words("INGEST_SIDEKIQ_QUEUES"))
INGEST_SIDEKIQ_NAMESPACE = env.text("INGEST_SIDEKIQ_NAMESPACE")
INGEST_REDIS_URL = env.url("INGEST_REDIS_URL", schemes=["redis", "rediss"], default=REDIS_URL)
INGEST_BEANSTALK = env.flag("INGEST_BEANSTALK", default=False)

# --- Mail ---------------------------------------------------------------------------------------

if DEBUG and not env.text("EMAIL_URL"):
    EMAIL_BACKEND = "accounts.dev_mail.DevelopmentBackend"  # printed, and shown on /dev/mail/
else:
    vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 20  # seconds; a mail server that hangs must not hold a worker
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Space Pizzas <oven@localhost>")

# --- Time, language, static files ----------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_MAX_AGE = 3600  # seconds, of files without a hash in their name; the others keep for ever
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "spacegame.storage.HashedModulesStorage"
        )
    },
}

# --- Security -----------------------------------------------------------------------------------

SESSION_COOKIE_AGE = int(timedelta(days=365).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^ingest/beanstalk/?$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

# --- Admin --------------------------------------------------------------------------------------

UNFOLD = kitchen.UNFOLD

# --- Logs ---------------------------------------------------------------------------------------

LOG_FORMAT = env.choice("LOG_FORMAT", choices=["text", "json"], default="text" if DEBUG else "json")
LOG_LEVEL = env.choice("LOG_LEVEL", choices=["DEBUG", "INFO", "WARNING", "ERROR"], default="INFO")
LOGGING = logging_config(readable=LOG_FORMAT == "text", level=LOG_LEVEL)

env.refuse_problems()
