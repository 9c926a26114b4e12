"""The rules of the API that JSON Schema cannot say. A body that follows its schema may be refused for one of these, and for nothing else."""

import re

import schemathesis
from schemathesis import GenerationMode

# Each is what a refusal says, with the reason why no schema says it.
RULES = {
    r"the last message must be from the user": "JSON Schema has no last item of a list of any length.",
    r"has no place for a tool call": "It compares two fields.",
    r"only where `tools` are given": "It compares two fields, and null counts as left out.",
    r"expected the name of one of `tools`": "It compares two fields.",
    r"expected a name of its own": "JSON Schema compares whole items of a list, and not one member of each.",
    r"expected the id of a call in an earlier": "It compares items of a list.",
    r"the run ended with event": "It depends on the run.",
    r"expected a moment to come": "JSON Schema has no clock.",
    r"expected at most 366 days|expected a day": "It compares two parameters, and with today.",
    r"Invalid URL": "The format of a webhook says nothing of its scheme and host.",
    r"expected an id of its own": "JSON Schema compares whole items of a list, and not one member of each.",
    r"expected choices that differ in more than case": "JSON Schema compares texts by their letters as they are.",
    r"`min` must not be above `max`": "It compares two fields.",
    r"the request itself says this": "A field of x_reflection and one of the request exclude each other.",
    r"differs from `max_completion_tokens`": "It compares two fields.",
    r"^and \d+ more$": "Only the first 20 mistakes are told one by one.",
}


@schemathesis.check
def refused_by_a_rule(ctx, response, case):
    """A 400 for a body that follows its schema names a rule."""
    meta = case.meta
    if response.status_code != 400 or meta is None or meta.generation.mode != GenerationMode.POSITIVE:
        return None
    errors = response.json().get("errors", [])
    strays = [error for error in errors if not any(re.search(rule, error["message"]) for rule in RULES)]
    if strays:
        raise AssertionError(f"Refused though it follows the schema: {strays}")
    return None


@schemathesis.check
def failed_by_the_cache_alone(ctx, response, case):
    """A 5xx is no failure only where the request asked for nothing but the cache."""
    if response.status_code >= 500 and response.json()["error"]["code"] != "only_if_cached_miss":
        raise AssertionError(f"{response.status_code}: {response.json()['error']}")
    return None
