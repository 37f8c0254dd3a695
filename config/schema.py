"""How the API describes itself: sessions and tokens, errors, and the key under which a thing is created once."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

_ERROR = {
    "type": "object",
    "description": "What went wrong: `code` never changes its meaning, `detail` follows Accept-Language.",
    "required": ["code", "detail", "fields"],
    "properties": {
        "code": {"type": "string", "example": "already_filled"},
        "detail": {"type": "string", "example": "Jemand war schneller."},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "choices": {
            "type": "array",
            "description": "Where one of several has to be chosen, e.g. the houses after `several_houses`.",
            "items": {"type": "object", "additionalProperties": True},
        },
    },
}
_KINDS = {
    "400": "does not fit",
    "401": "log in first",
    "403": "seen, but not allowed",
    "404": "nothing here for you",
    "409": "too late, or somebody was faster",
    "429": "too often; `Retry-After` says how long to wait",
}


class SessionScheme(OpenApiAuthenticationExtension):
    """Browsers: the session cookie, and `X-CSRFToken` on everything that changes something."""

    target_class = "core.api.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class TokenScheme(OpenApiAuthenticationExtension):
    """Apps: the token from allauth's app API."""

    target_class = "accounts.api.auth.TokenAuthentication"
    name = "session token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict:
        return {"type": "apiKey", "in": "header", "name": "X-Session-Token"}


class HouseSchema(AutoSchema):
    """Names the header `Idempotency-Key` wherever a handler is done `once`; says only what was written for readers."""

    def get_description(self) -> str:
        return ""  # docstrings of views speak to colleagues; the summary and the shapes speak to readers

    def get_override_parameters(self) -> list:
        parameters = super().get_override_parameters()
        handler = getattr(self.view, self.method.lower(), None)
        if not getattr(handler, "once", False):
            return parameters
        said = "Same key and body: the stored answer for 24 hours. Same key, another body: 409."
        key = {"type": "string", "minLength": 8, "maxLength": 100}
        return [*parameters, OpenApiParameter("Idempotency-Key", key, OpenApiParameter.HEADER, description=said)]


def with_errors(result: dict, **_kwargs: Any) -> dict:
    """Every operation can answer with each kind of error, always in the same shape."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Error"] = _ERROR
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    components["responses"] = {
        f"Error{code}": {"description": said, "content": content} for code, said in _KINDS.items()
    }
    for path, operations in result["paths"].items():
        for operation in operations.values():
            if not path.endswith("exceptions/{id}/"):  # the one kind of row with a plain number
                _keys_are_uuids(operation)
            for code in _KINDS:
                operation["responses"].setdefault(code, {"$ref": f"#/components/responses/Error{code}"})
    return result


def _keys_are_uuids(operation: dict) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter["schema"] = {"type": "string", "format": "uuid"}
