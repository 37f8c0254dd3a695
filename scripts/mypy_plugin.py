"""
For mypy: `request.user` is a User.

Django's stubs say "User or AnonymousUser", which is right for the world and wrong for this house: pages stand behind
LoginRequiredMiddleware and the API behind its own closed default. Without this every door would repeat an assert.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type, UnionType, get_proper_type

_USERS = {"django.http.request.HttpRequest.user", "rest_framework.request.Request.user"}
_ANONYMOUS = "django.contrib.auth.models.AnonymousUser"


def somebody(context: AttributeContext) -> Type:
    declared = get_proper_type(context.default_attr_type)
    if not isinstance(declared, UnionType):
        return declared
    people = [item for item in map(get_proper_type, declared.items) if not _is_nobody(item)]
    return UnionType.make_union(people)


def _is_nobody(item: Type) -> bool:
    return isinstance(item, Instance) and item.type.fullname == _ANONYMOUS


class HousePlugin(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return somebody if fullname in _USERS else None


def plugin(version: str) -> type[Plugin]:
    return HousePlugin
