"""What schemathesis is told beside openapi.json that its configuration cannot say."""

import schemathesis


@schemathesis.deserializer("*/*", "application/octet-stream", "image/jpeg", "image/png", "application/pdf")
def plain_bytes(ctx, response):
    """Bytes are bytes: nothing in them fits or misfits."""
    return response.content.decode("latin-1")


@schemathesis.hook
def filter_case(context, case):
    """A filter with an empty value is none, whatever its type (docs/API.md): no misfit that must be refused."""
    query = case.query or {}
    return not any(value in ("", [""]) for value in query.values())
