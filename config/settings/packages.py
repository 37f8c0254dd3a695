"""
What the packages are told, where neither the environment nor the machine has a say: part of `config.settings.base`.
"""

from operator import attrgetter

from csp.constants import NONE, SELF

# --- allauth: logging in ----------
ACCOUNT_LOGOUT_REDIRECT_URL = "start"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # without password1 the login page has no password field
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900  # 3 minutes are too short for somebody who has to find the mail first
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_USER_DISPLAY = attrgetter("full_name")  # str(user) is for logs and says no name
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {
    "join_step": "60/m/ip",
    "claim": "20/h/ip",
}  # beside allauth's own: the pages of joining look up addresses
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = False
USERSESSIONS_TRACK_ACTIVITY = True
HEADLESS_CLIENTS = ("app",)

# --- API: REST framework and its schema ----------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.SessionAuthentication",
        "accounts.api.auth.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.auth.MayComeIn"],
    "DEFAULT_PAGINATION_CLASS": "core.api.Pages",
    "PAGE_SIZE": 25,
    "DEFAULT_SCHEMA_CLASS": "config.schema.HouseSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.api.StrictFilterBackend"],
    "EXCEPTION_HANDLER": "core.http.api_answer",
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS would tell what our docstrings say to colleagues
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "600/min"},  # a first fence; limits that matter are rows
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Gemeinsinn",
    "DESCRIPTION": "Neighbourhood help of a city: the JSON door. The live talk is described in docs/asyncapi.yaml.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {"GenderEnum": "accounts.models.User.Gender", "WayEnum": "messaging.models.Way"},
    # no validator badge: it would be fetched from somebody else's server
    "SWAGGER_UI_SETTINGS": {"validatorUrl": None, "supportedSubmitMethods": ["get"], "deepLinking": True},
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.schema.with_errors"],
}

# --- Browsers: what a page may load, and what it may ask for ----------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "worker-src": [SELF],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list] = {name: [] for name in ("geolocation", "camera", "microphone", "payment", "usb")}

# --- Telephone numbers ----------
PHONENUMBER_DEFAULT_REGION = "DE"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"
