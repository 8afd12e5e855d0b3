"""Values that a provider takes and its service refuses, so that only the apply fails.

Fields: `kind` (`characters`, `tag`, `length`, `number`, `window`, `host-bits`, `form`, `spelling`, `unset`, `address`), `fault` (what is
wrong: the characters, the length, the number, the prefix, the text, the name that is missing; unknown where the resource may not be
made, or the number, range or name is not known), `allowed`, `argument`. Of texts and addresses only what is known says anything, of a
text that is partly known its known pieces. Limits as documented on 2026-11-29; the pages stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from unicodedata import category

from bot.engine.model.asked_for import is_asked_for, is_of_a_test
from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.ingress_aws import OWN_RANGE
from bot.engine.views.prefixes import parse_range
from bot.engine.views.reading import attribute, body_of, constant, elements, fact, field, managed, text, whole
from bot.engine.views.service_limits import CHOICES, FORMS, NUMBERS, Bounds, Choice, Form, Limit

PRINTED = "".join(map(chr, range(0x20, 0x7F)))
WORDS = "".join(filter(str.isalnum, PRINTED))
MAX_SHOWN = 10


class Characters(Limit, frozen=True):
    """Those that are taken, and how a reader is told."""

    taken: frozenset[str]
    told: str
    letters: bool = False  # those of every language, their digits and spaces too


class Length(Limit, frozen=True):
    """Characters of a document, white space not counted."""

    most: int


CHARACTERS = (
    Characters(  # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html, API_IpRange.html
        ("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"),
        ("description", "ingress.description", "egress.description"),
        frozenset(WORDS + " ._-:/()#,@[]+=&;{}!$*"),
        "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*",
    ),
    Characters(  # https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
        ("aws_wafv2_web_acl", "aws_wafv2_rule_group", "aws_wafv2_ip_set", "aws_wafv2_regex_pattern_set"),
        ("description",),
        frozenset(WORDS + "_+=:#@/-,. \t\n\r"),
        "a-z, A-Z, 0-9, spaces, and _+=:#@/-,.",
    ),
    Characters(  # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
        ("aws_iam_role",),
        ("description",),
        frozenset(PRINTED + "\t\n\r" + "".join(map(chr, range(0xA1, 0x100)))),
        "those of Latin-1",
    ),
)
# `TagValue` in the services' own models, botocore 1.43.11 (logs, ecs, iam, ssm, acm, elasticloadbalancingv2, elasticfilesystem, wafv2,
# amplify). Lambda, Secrets Manager and EventBridge answer with the same pattern:
# https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
TAGS = Characters(
    (
        *("aws_cloudwatch_log_group", "aws_cloudwatch_event_rule", "aws_lambda_function", "aws_secretsmanager_secret"),
        *("aws_acm_certificate", "aws_ecs_cluster", "aws_ecs_service", "aws_ecs_task_definition", "aws_ssm_parameter", "aws_amplify_app"),
        *("aws_iam_role", "aws_iam_policy", "aws_iam_user", "aws_iam_instance_profile", "aws_iam_openid_connect_provider"),
        *("aws_lb", "aws_alb", "aws_lb_target_group", "aws_alb_target_group", "aws_lb_listener", "aws_lb_listener_rule"),
        *("aws_efs_file_system", "aws_efs_access_point", "aws_wafv2_web_acl", "aws_wafv2_ip_set", "aws_wafv2_rule_group"),
    ),
    ("tags.*",),
    frozenset("_.:/=+-@"),
    "letters, digits, spaces, and _.:/=+-@",
    letters=True,
)
LENGTHS = (  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    Length(("aws_iam_policy",), ("policy",), 6_144),
    Length(("aws_iam_role_policy",), ("policy",), 10_240),
    Length(("aws_iam_group_policy",), ("policy",), 5_120),
    Length(("aws_iam_user_policy",), ("policy",), 2_048),
    Length(("aws_iam_role",), ("assume_role_policy",), 8_192),
)
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, EvaluationPeriods and Period
ALARMS = ("aws_cloudwatch_metric_alarm",)
# Arguments that the provider holds against the first address of the range.
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/verify/validate.go
NETWORKS = (
    Limit(("aws_vpc", "aws_vpc_ipv4_cidr_block_association", "aws_subnet"), ("cidr_block",)),
    Limit(("aws_security_group_rule",), ("cidr_blocks",)),
    Limit(("aws_security_group",), ("ingress.cidr_blocks", "egress.cidr_blocks")),
    Limit(("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"), ("cidr_ipv4",)),
    Limit(("aws_route",), ("destination_cidr_block",)),
)
# https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_service_account_iam#argument-reference
SERVICE_ACCOUNTS = Limit(("google_service_account_iam_member", "google_service_account_iam_binding"), ("service_account_id",))
ACCOUNT = "projects/PROJECT/serviceAccounts/EMAIL"
EMAIL = Pattern(r"[^/@]+@[^/@]+")
OF_ACCOUNT = Pattern(r"(?:data\.)?google_service_account\.[\w-]+(?:\[[^\]]*\])?\.email")
# https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html
ACCESS_POLICIES = Limit(("aws_eks_access_policy_association",), ("policy_arn",))
ACCESS_POLICY = "arn:aws:eks::aws:cluster-access-policy/"
OF_IAM = Pattern(r"arn:[^:]*:iam:.*")
Fault = tuple[str | int | Unknown, str]
Look = Callable[[Value], Fault | None]


def refused_values(model: Model) -> Iterator[Subject]:
    """A fact for each value that the service is certain to refuse."""
    for characters in CHARACTERS:
        yield from _found(model, "characters", characters, partial(_characters, characters))
    yield from _found(model, "tag", TAGS, partial(_characters, TAGS))
    for length in LENGTHS:
        yield from _found(model, "length", length, partial(_length, length))
    for bounds in NUMBERS:
        yield from _found(model, "number", bounds, partial(_number, bounds))
    for choice in CHOICES:
        yield from _found(model, "number", choice, partial(_choice, choice))
    for form in FORMS:
        yield from _found(model, "spelling", form, partial(_spelling, form))
    for network in NETWORKS:
        yield from _found(model, "host-bits", network, _host_bits)
    yield from _found(model, "form", ACCESS_POLICIES, _form)
    yield from _found(model, "address", SERVICE_ACCOUNTS, _address)
    yield from _of_several(model)


def _of_several(model: Model) -> Iterator[Subject]:
    """What two arguments decide together."""
    for alarm in managed(model, ALARMS):
        if (found := _window(alarm)) is not None:
            yield _fact(alarm, "window", "evaluation_periods", *found)
    for function in managed(model, ("aws_lambda_function",)):
        if (found := _unset(function)) is not None:
            yield _fact(function, "unset", "package_type", *found)


def _found(model: Model, kind: str, limit: Limit, look: Look) -> Iterator[Subject]:
    for resource in managed(model, limit.types):
        for path in limit.paths:
            for value in _values(resource, path):
                fault = look(value)
                if fault is not None and not is_of_a_test(value):
                    yield _fact(resource, kind, path, value, fault)


def _fact(resource: Resource, kind: str, path: str, value: Value, fault: Fault) -> Subject:
    found = fault[0]
    shown = resource.exists or (found if isinstance(found, Unknown) else Known(found, value.span, value.origin))
    allowed = constant(fault[1], value.span)
    place = f"{path} {kind} {'' if isinstance(found, Unknown) else found}".strip()
    return fact(
        resource,
        "refused-value",
        value.span,
        place,
        kind=constant(kind, resource.span),
        fault=shown,
        allowed=allowed,
        argument=constant(path.removesuffix(".*").rpartition(".")[2], value.span),
    )


def _values(resource: Resource, path: str) -> Iterator[Value]:
    """The values at a path; each element of a list."""
    first, *steps = path.split(".")
    found: list[Value] = list(elements(attribute(resource, first)))
    for step in steps:
        found = [item for value in found for item in (_of_map(value) if step == "*" else elements(field(body_of(value), step)))]
    yield from found


def _of_map(value: Value) -> Iterator[Value]:
    """The values under the keys that are certain."""
    known = value.structure if isinstance(value, Unknown) else value
    if isinstance(known, Known) and isinstance(known.raw, dict):
        yield from known.raw.values()


def _pieces(value: Value) -> tuple[str, ...]:
    """What is known of a text."""
    if isinstance(value, Unknown):
        return tuple([part for part in value.parts if part])
    return (value.raw,) if isinstance(value, Known) and isinstance(value.raw, str) else ()


def _characters(limit: Characters, value: Value) -> Fault | None:
    given = {character for part in _pieces(value) if not is_asked_for(part) for character in part} - limit.taken
    found = sorted(character for character in given if not (limit.letters and _is_letter(character)))
    return (" ".join(found[:MAX_SHOWN]), limit.told) if found and not value.sensitive else None


def _is_letter(character: str) -> bool:
    return category(character)[0] in "LNZ"


def _length(limit: Length, value: Value) -> Fault | None:
    length = sum(len(word) for part in _pieces(value) for word in part.split())
    return (length, str(limit.most)) if length > limit.most else None


def _number(limit: Bounds, value: Value) -> Fault | None:
    if isinstance(value, Unknown):
        return value, f"{limit.least} to {limit.most}"
    given = None if isinstance(value, Known) and isinstance(value.raw, bool) else whole(value)
    if given is None or limit.least <= given <= limit.most or given in limit.also:
        return None
    return given, f"{limit.least} to {limit.most}"


def _choice(limit: Choice, value: Value) -> Fault | None:
    if isinstance(value, Unknown):
        return value, limit.told
    given = whole(value)
    return None if given is None or given in limit.taken else (given, limit.told)


def _spelling(form: Form, value: Value) -> Fault | None:
    if isinstance(value, Unknown):
        return value, form.told
    given = text(value)
    if not given or value.sensitive or is_asked_for(given) or form.fits.fullmatch(given):
        return None
    return given, form.told


def _window(alarm: Resource) -> tuple[Value, Fault] | None:
    """How many seconds an alarm looks back, where these are too many."""
    periods, length = attribute(alarm, "evaluation_periods"), attribute(alarm, "period")
    given = [int(raw) for raw in map(_raw, (periods, length)) if raw is not None and raw.isdecimal() and len(raw) < 10]
    if periods is None or len(given) != 2:
        return None
    most = 604_800 if given[1] >= 3_600 else 86_400
    return (periods, (given[0] * given[1], f"{most}")) if given[0] * given[1] > most else None


def _unset(function: Resource) -> tuple[Value, Fault] | None:
    """What a package has to have and the text does not name at all; a module whose inputs give nothing by default leaves it to callers.

    https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    """
    kind = attribute(function, "package_type")
    missing = [name for name in ("handler", "runtime") if name not in function.attributes]
    if not missing or function.incomplete is not None:
        return None
    if isinstance(kind, Unknown):
        return kind, (kind, "Zip")
    if kind is None:
        return constant("Zip", function.span), (missing[0], "Zip")
    is_package = text(kind) == "Zip" and isinstance(kind, Known) and not kind.assumed
    return (kind, (missing[0], "Zip")) if is_package else None


def _raw(value: Value | None) -> str | None:
    return str(value.raw) if isinstance(value, Known) and isinstance(value.raw, int | str) else None


def _host_bits(value: Value) -> Fault | None:
    if isinstance(value, Unknown):
        last = value.parts[-1] if value.parts else None
        is_address = last is not None and last.endswith("/32")  # it is the first of its range, whatever it is
        return None if is_address or OWN_RANGE.match(value.expression) else (value, "the first address of a range")
    raw = value.raw if isinstance(value, Known) else None
    head, slash, length = raw.partition("/") if isinstance(raw, str) else ("", "", "")
    found, address = parse_range(f"{head}/{length}") if slash else None, parse_range(head) if slash else None
    if found is None or address is None or found[0] != 4 or address[1] == found[1]:
        return None
    return str(raw), f"{'.'.join(str(found[1] >> shift & 255) for shift in (24, 16, 8, 0))}/{length}"


def _form(value: Value) -> Fault | None:
    if isinstance(value, Unknown):
        return value, ACCESS_POLICY
    raw = value.raw if isinstance(value, Known) else None
    return (raw, ACCESS_POLICY) if isinstance(raw, str) and OF_IAM.fullmatch(raw) else None


def _address(value: Value) -> Fault | None:
    """An address alone, written out or as the attribute of an account."""
    written = value.expression if isinstance(value, Unknown) else value.raw if isinstance(value, Known) else None
    form = OF_ACCOUNT if isinstance(value, Unknown) and not value.parts else EMAIL
    return (written, ACCOUNT) if isinstance(written, str) and form.fullmatch(written) else None
