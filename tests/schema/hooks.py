"""What Schemathesis cannot know of this API: who asks, with which ids, and which refusals are meant."""

import atexit
import base64
import hashlib
import hmac
import itertools
import json
import os
import time
from collections import Counter, defaultdict
from pathlib import Path

import schemathesis
from schemathesis.auths import GLOBAL_AUTH_STORAGE, AuthContext
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData

import seed

SEED = json.loads(Path(os.environ["FENGSUI_SEED"]).read_text())

# Refusals of requests that fit the document, for a reason that no schema can tell: code, fields, reason.
# Anything else that refuses such a request is a failure: the document or the code is wrong then.
MEANT = [
    ("unknown_value",
     {"action", "answers", "before", "body", "branch", "categories", "category", "condition", "duty", "field", "of", "plan",
      "playbook", "points", "role", "rule", "to", "topics"},
     "names of roles, playbooks, rules, facts and topics are those of the plan in force"),
    ("unknown_value", {"options"}, "which defaults a plan settles, and with which options, is for the plan to say"),
    ("unknown_value", {"incident"}, "an incident is not derived from itself, nor from its child"),
    ("unknown_value", {"level"}, "which levels have a headquarters is for the plan to say"),
    ("unknown_value", {"person"}, "who can be relieved of a role is who holds it"),
    ("unknown_value", {"step"}, "how many steps there are is known of the one disposal plan"),
    ("unknown_value", {"grant"}, "which permissions there are is known of the one incident"),
    ("bad_time", {"at", "aware_at", "collected_at", "due_at", "found_at", "occurred_at", "until"},
     "what was done lies before now and after what it follows, a new deadline after the old one"),
    ("reason_required", {"reason"}, "whether a level needs a reason depends on what the rules propose"),
    ("unknown_value", {"fields"}, "only experts and teams have fields of expertise; the kind may stand already"),
    ("missing", {"fields"}, "experts and teams have a field of expertise; the kind may stand already"),
    ("missing", {"reason", "remarks", "spoke"}, "required by the value of another field, or by a mark of the plan"),
    ("too_long", {"answers", "details", "points", "steps", "topics"},
     "the texts of one change share one bound, beside the bound of each"),
    ("bad_request", {"cursor"}, "a cursor is opaque: the only right ones are those of an earlier page"),
    ("invalid", {"file"}, "a table begins with a header that names its columns"),
    ("invalid", {"list"}, "a list in which nothing can be matched would empty the library"),
    ("unknown_value", {"day", "from", "kind", "proof", "until", "value", "year"},
     "what a record of a standing duty says, and of which period, is for the duty to say"),
    ("missing", {"document", "proof", "value"}, "what proves a standing duty is for the duty to say"),
    ("invalid", {"beside"}, "a plan governs once, beside another one that leads"),
    ("invalid", {"code"}, "the code of a second factor is right for half a minute"),
]

# Fields whose right values the plan or the case at hand knows, and no generator: mostly those of the seed.
KNOWN = {
    "action", "answers", "at", "beside", "body", "day", "duty", "from", "categories", "category", "condition", "due_at", "field", "fields", "grant",
    "incident", "of", "options", "parent", "person", "plan", "points", "role", "rule", "to", "topics", "until",
}
MOSTLY = itertools.cycle((True, True, True, False))
# Numbers that no run on this node had before: a run sends some ten thousand requests.
KEYS = itertools.count(1_000_000 * int(os.environ["FENGSUI_RUN"]))
# Characters of a name to sign in with.
MAX_NAME_CHARS = 40


def name_of(operation):
    """The operation's id in the document."""
    return operation.definition.raw["operationId"]


def asked(operation):
    """The request of the seed for an operation; one that it does not know is asked by the officer."""
    return SEED["requests"].get(name_of(operation), seed.request())


@schemathesis.auth(refresh_interval=None)
class Person:
    """Each operation is asked by a person who may do it."""

    def get(self, case, context):
        return SEED["tokens"][asked(case.operation)["by"]]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_add_examples(context, examples):
    """Begins with the request of the seed, which the node must accept."""
    known = asked(context.operation)
    words = {"path_parameters": known["path"], "query": known["query"]}
    if known["body"] is not None:
        words |= {"body": written(known["body"]), "media_type": known["kind"]}
    example = context.operation.Case(**words)
    GLOBAL_AUTH_STORAGE.set(example, AuthContext(operation=context.operation, app=None))
    examples.append(example)


@schemathesis.hook
def map_case(context, case):
    """Asks as a client does: about things that are there, with a new key each time, about any version.

    Where wrong data is what is tried, it stays. In a sequence of calls the ids are those of the calls before,
    and the same call must go the same way again, or Schemathesis gives the sequence up.
    """
    known, body = asked(context.operation), case.body
    sequence = case.meta is not None and case.meta.phase.name == TestPhase.STATEFUL
    if not sequence and not tries(case, ParameterLocation.PATH):
        case.path_parameters = {**case.path_parameters, **known["path"]}
    for name, right in (("If-Match", lambda value: "*"), ("Idempotency-Key", fresh)):
        if name in case.headers and not tries(case, ParameterLocation.HEADER, name):
            case.headers[name] = right(case.headers[name])
    if isinstance(body, dict) and not tries(case, ParameterLocation.BODY) and (sequence or next(MOSTLY)):
        names = KNOWN & body.keys() & (known["body"] or {}).keys()
        case.body = body | {name: written(known["body"][name]) for name in names}
        if name_of(context.operation) == "account_create":
            case.body["name"] = fresh(body["name"])[:MAX_NAME_CHARS]
    return case


def fresh(key):
    """A key or name that was not used before, as long as this one where that is possible."""
    return f"{next(KEYS):08}{key}"[: max(8, len(key))]


def tries(case, location, name=None):
    """Whether a case is about something wrong at a location, or in one parameter there."""
    if case.meta is None or not case.meta.is_negative_at(location):
        return False
    data = case.meta.phase.data
    names = {getattr(data, "parameter", None), *(one.parameter for one in getattr(data, "mutations", None) or ())}
    return name is None or name in names


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops what is meant: see `MEANT`; and whatever a body of log lines holds, it is text."""
    if isinstance(failure, RejectedPositiveData):
        problem = response.json()
        found = problem["code"], problem.get("field")
        return not any(code == found[0] and found[1] in fields for code, fields, _ in MEANT)
    if isinstance(failure, AcceptedNegativeData) and name_of(case.operation) == "logs_take":
        return any(tries(case, location) for location in (ParameterLocation.QUERY, ParameterLocation.HEADER))
    return True


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """Log lines go out as they are."""
    return {"data": value if isinstance(value, bytes) else str(value).encode()}


@schemathesis.deserializer("application/octet-stream")
def octets(context, response):
    """Bytes come in as a string of them."""
    return response.content.decode("latin-1")


def written(body):
    """The body of an example with this instant, and with the code that goes with it."""
    if isinstance(body, dict) and body.get("code") == seed.CODE:
        return body | {"code": totp(body["secret"])}
    return seed.present(body)


def totp(secret):
    """The present code of a second factor (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits)."""
    key = base64.b64decode(secret + "=" * (-len(secret) % 4))
    mac = hmac.digest(key, (int(time.time()) // 30).to_bytes(8, "big"), hashlib.sha1)
    at = mac[19] & 0x0F
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


ANSWERS = defaultdict(Counter)


@schemathesis.hook
def after_call(context, case, response):
    """Counts answers, so that `run.py` can tell how far the requests reached."""
    if case.method.upper() == case.operation.method.upper():
        ANSWERS[name_of(case.operation)][str(response.status_code)] += 1


@atexit.register
def tell():
    """Leaves the counts beside the seed, added to those of the runs before."""
    path = Path(os.environ["FENGSUI_SEED"]).with_name("answers.json")
    for name, counts in (json.loads(path.read_text()) if path.exists() else {}).items():
        ANSWERS[name].update(counts)
    path.write_text(json.dumps(ANSWERS))
