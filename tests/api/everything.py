"""Every operation of the API, read from its own schema: what is added there is tested by itself."""

from drf_spectacular.generators import SchemaGenerator

SCHEMA = SchemaGenerator().get_schema(request=None, public=True)
SHAPES = SCHEMA["components"]["schemas"]
OPERATIONS = [
    (method, path, operation)
    for path, operations in sorted(SCHEMA["paths"].items())
    for method, operation in operations.items()
]


def body_of(operation: dict) -> dict | None:
    """The schema of its JSON body with every reference followed once; None where it takes none."""
    body = operation.get("requestBody")
    return resolved(body["content"]["application/json"]["schema"]) if body else None


def resolved(shape: dict) -> dict:
    if "$ref" in shape:
        return resolved(SHAPES[shape["$ref"].rsplit("/", 1)[1]])
    return resolved(shape["allOf"][0]) if "allOf" in shape else shape
