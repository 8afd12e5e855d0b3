"""View `power`: what a bearer of policies may do from now on that reaches beyond what it is for, one fact a bearer.

Fields: `power` (`pass-role`, `other-accounts`, `commands`, `secrets`: the first of these that is new),
`all` (true; unknown where the resources are), `bearer`, `action`, `on` (as written). The others that are new are told with it.
What the bearer could do before anywhere is not new; to hand a role to another service is. What is every action of a service on every
resource, and what raises its bearer's own rights, rules of one tree ask about. A condition bounds, whatever it is, except one that
anybody can meet.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.engine.changeset.moves import moved_address
from bot.engine.judgment.bearers import ROLE, Bearers
from bot.engine.judgment.difference import Difference
from bot.engine.judgment.subjects import block_key, place_of, resting, subject
from bot.engine.judgment.wide_trust import spelled
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.notice import Notice
from bot.engine.model.resource import Model
from bot.engine.model.tried_out import is_tried_out
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.model.wildcard import covers
from bot.engine.pattern import Pattern
from bot.engine.views.reading import body_of, constant, elements, field, text, truth
from bot.engine.views.statement import statements
from bot.engine.views.statement_conditions import ANYONE_CAN_MEET

SOMEBODY = ""  # who bears what a policy gives that nobody is seen to bear: perhaps who could do it before
FIELDS = ("power", "all", "bearer", "action", "on")
_ANY_MACHINE = Pattern(r"\*|arn:[^:]*:(?:ec2|ecs|ssm|\*):[^:]*:[^:]*:(?:(?:instance|managed-instance|task)/)?\*(?:[/:]\*)*")
_ANY_SECRET = Pattern(r"\*|arn:[^:]*:(?:secretsmanager|ssm|\*):[^:]*:[^:]*:(?:(?:secret|parameter)[:/])?\*(?:[/:]\*)*")
_ANY_ROLE = Pattern(r"\*|arn:[^:]*:iam::[^:]*:(?:\*|role/\*.*)")
_EVERY_ROLE = Pattern(r"\*|.*:role/\*")
_ANY_ACCOUNT = Pattern(r"\*|arn:[^:]*:iam::\*:(?:\*|role/.*)")
_EVERY_ACTION = Pattern(r"(?:[a-z0-9-]+:)?\*+")
_SPECIFIC = ("computed", "data-source")  # one thing that is made or looked up


class Power(Struct, frozen=True):
    """What any of the actions comes to on resources like `on`. `met`: keys of conditions that do not bound it."""

    form: str
    actions: tuple[str, ...]
    on: Pattern[str]
    met: frozenset[str] = ANYONE_CAN_MEET


# Worst first.
POWERS = (
    Power("pass-role", ("iam:PassRole",), _ANY_ROLE, met=ANYONE_CAN_MEET | {"iam:passedtoservice"}),
    Power("other-accounts", ("sts:AssumeRole",), _ANY_ACCOUNT),
    Power("commands", ("ssm:SendCommand", "ssm:StartSession", "ecs:ExecuteCommand", "ec2-instance-connect:SendSSHPublicKey"), _ANY_MACHINE),
    Power(
        "secrets",
        (
            "secretsmanager:GetSecretValue",
            "secretsmanager:BatchGetSecretValue",
            "ssm:GetParameter",
            "ssm:GetParameters",
            "ssm:GetParametersByPath",
        ),
        _ANY_SECRET,
    ),
)


class Held(Struct, frozen=True):
    """A power that one bearer has. `bearer`, `name`: in the code, in the account.

    `action` and `on`: the values that give it; `unknown`: why it cannot be told what it is on.
    """

    power: Power
    bearer: str
    name: str
    fact: Subject
    action: Value
    on: Value
    unknown: Unknown | None = None

    @property
    def what(self) -> tuple[str, ...]:
        """What makes it another power of the same form: the services that take the role, the roles that are meant."""
        if self.power.form == "other-accounts":
            return (spelled(self.on),)
        tests = map(body_of, elements(self.fact.attributes.get("conditions"))) if self.power.form == "pass-role" else ()
        return tuple(sorted(text(value) or "" for test in tests for value in elements(field(test, "values"))))

    def includes(self, other: Held) -> bool:
        """Whether the other power, of the same form, is this one or a part of it. Without a condition every service may take the role."""
        if self.power.form == "other-accounts":
            return covers(self.what[0].lower(), other.what[0].lower())
        return not self.what or (bool(other.what) and set(other.what) <= set(self.what))


def powers(difference: Difference) -> Iterator[Subject]:
    """A fact for each bearer that gains any."""
    gained: dict[str, list[Held]] = defaultdict(list)
    found = list(_held(difference.head))
    there = {item.address for item in difference.head.resources} if found else set()
    had: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for item in _held(difference.base, whole=True) if found else ():
        for name in {SOMEBODY, item.bearer} if item.bearer in there else {SOMEBODY, item.bearer, item.name}:
            had[name, item.power.form].append(item)
    for item in found:
        nobody = item.bearer == item.fact.resource.address and item.fact.resource.type != ROLE
        former = (moved_address(item.bearer, difference.moves), SOMEBODY if nobody else item.name)
        was = any(before.includes(item) for name in former for before in had[name, item.power.form])
        if not was and not is_tried_out(item.fact.span.path):
            gained[item.bearer].append(item)
    for name in sorted(gained):
        yield _fact(gained[name])


def _held(model: Model, *, whole: bool = False) -> Iterator[Held]:
    """`whole`: with what other rules ask about."""
    bearers = Bearers(model)
    for fact in sorted(statements(model), key=lambda fact: (fact.resource.address, fact.span)):
        told = fact.attributes
        if text(told.get("document")) != "identity" or text(told.get("effect")) != "Allow" or (not whole and _is_asked_already(fact)):
            continue
        given = [(power, found) for power in POWERS if (found := _given(power, fact, whole=whole)) is not None]
        for bearer in bearers.of(fact.resource) if given else ():
            name = bearers.name_of(bearer)
            yield from (Held(power, bearer, name, fact, action, on, unknown) for power, (action, on, unknown) in given)


def _is_asked_already(fact: Subject) -> bool:
    """Whether it is every action of a service on every resource."""
    told = fact.attributes
    whole = any(text(item) == "*" for item in elements(told.get("resources"))) and truth(told.get("has_condition")) is False
    return whole and any(_EVERY_ACTION.fullmatch((text(item) or "").lower()) for item in elements(told.get("actions")))


def _given(power: Power, fact: Subject, *, whole: bool) -> tuple[Value, Value, Unknown | None] | None:
    """The action and the resources that give the power."""
    actions = elements(fact.attributes.get("actions"))
    first = next((item for item in actions if any(_allows(item, name) for name in power.actions)), None)
    if first is None or _is_bounded(power, fact):
        return None
    resources = elements(fact.attributes.get("resources"))
    if power.form == "pass-role" and not whole and _is_escalation(fact, resources):
        return None
    for item in resources:
        if power.on.fullmatch(spelled(item)):
            return first, item, None
    unknown = next((item for item in resources if isinstance(item, Unknown) and not item.parts and item.reason not in _SPECIFIC), None)
    return None if unknown is None else (first, unknown, unknown)


def _is_escalation(fact: Subject, resources: Iterable[Value]) -> bool:
    """Every role at all, on no condition: whoever can pass that is an administrator, which is asked about by itself."""
    return truth(fact.attributes.get("has_condition")) is False and any(_EVERY_ROLE.fullmatch(spelled(item)) for item in resources)


def _allows(item: Value, name: str) -> bool:
    glob = text(item)
    return glob is not None and covers(glob.strip().lower(), name.lower())


def _is_bounded(power: Power, fact: Subject) -> bool:
    if truth(fact.attributes.get("has_condition")) is False:
        return False
    keys = [text(field(body_of(test), "key")) for test in elements(fact.attributes.get("conditions"))]
    return not keys or any(key is None or key.lower() not in power.met for key in keys)


def _fact(held: list[Held]) -> Subject:
    first = min(held, key=lambda item: (item.unknown is not None, POWERS.index(item.power)))
    others = [item for item in held if item.power is not first.power and item.unknown is None]
    by_form = {item.power.form: item for item in reversed(others)}
    told = tuple(_notice(by_form[power.form]) for power in POWERS if power.form in by_form)
    item = first.fact
    whole = first.unknown or constant(raw=True, span=first.on.span)
    rests = resting(*(Known(tuple(elements(each.fact.attributes.get("resources")))) for each in held))
    cause = Cause(Change("", None, first.on), key=block_key("power", item.resource, first.power.form), facts=told, rests=rests)
    place = place_of(first.on if first.on.span.line else first.action, item.resource)
    words = {"power": first.power.form, "bearer": first.bearer, "action": text(first.action) or "", "on": _shown(first.on)}
    return subject("power", item.resource, place, cause, all=whole, **words)


def _notice(item: Held) -> Notice:
    return Notice("gains-too", {"action": text(item.action) or "", "on": _shown(item.on)})  # no line: an answer rests on what is told


def _shown(value: Value) -> str:
    return spelled(value) or (value.expression if isinstance(value, Unknown) else "")
