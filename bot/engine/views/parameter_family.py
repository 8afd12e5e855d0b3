"""Databases and caches whose parameter group is of another engine or major version than they run.

Fields: `fault` (the group's family; unknown where the group, its family, the engine or the version is not known), `runs` (engine and
version), `argument` (which names the group). A family is the engine's name and its major version, so their parts decide, without a
list: `postgres16`, `mysql8.0`, `aurora-postgresql15`, `oracle-se2-19`, `redis6.x`, `default.redis7.cluster.on`.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import attribute, blocks, body_of, constant, elements, fact, field, managed, refers_to, text


class Use(Struct, frozen=True):
    """The argument that names a group of `groups`, and the engine where the text says none."""

    argument: str
    groups: str
    engine: str = ""
    prefix: str = ""


CACHE = Use("parameter_group_name", "aws_elasticache_parameter_group", "redis")
USES: Mapping[str, tuple[Use, ...]] = {
    "aws_db_instance": (Use("parameter_group_name", "aws_db_parameter_group"),),
    "aws_rds_cluster": (
        Use("db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group"),
        Use("db_instance_parameter_group_name", "aws_db_parameter_group"),
    ),
    "aws_rds_cluster_instance": (Use("db_parameter_group_name", "aws_db_parameter_group"),),
    "aws_docdb_cluster": (Use("db_cluster_parameter_group_name", "aws_docdb_cluster_parameter_group", "docdb"),),
    "aws_neptune_cluster": (Use("neptune_cluster_parameter_group_name", "aws_neptune_cluster_parameter_group", "neptune"),),
    "aws_neptune_cluster_instance": (Use("neptune_parameter_group_name", "aws_neptune_parameter_group", "neptune"),),
    "aws_elasticache_replication_group": (CACHE,),
    "aws_elasticache_cluster": (replace(CACHE, engine=""),),
    "aws_memorydb_cluster": (Use("parameter_group_name", "aws_memorydb_parameter_group", "redis", "memorydb_"),),
}
DEFAULT = Pattern(r"default\.(.+?)(?:\.cluster\.on)?")  # the groups that the service makes
TRAVERSAL = Pattern(r"[\w.\-\[\]\"*]+")  # one value, and no choice between two
MAJOR = Pattern(r"-?(\d+(?:\.(?:\d+|x))*)")
ANY = Pattern(r"[a-z_-]+?" + MAJOR.pattern)


class Group(Struct, frozen=True):
    """`doubt`: why another one may be used."""

    family: Value
    doubt: Unknown | None = None


def parameter_families(model: Model) -> Iterator[Subject]:
    """A fact for each group that does not fit what uses it, or may not."""
    for user in managed(model, USES):
        for use in USES[user.type]:
            group = _group(model, user, use)
            fault = _fault(user, use, group) if group is not None else None
            if fault is not None:
                yield _subject(user, use, fault)


def _subject(user: Resource, use: Use, fault: Value) -> Subject:
    runs = " ".join(filter(None, (_engine(user, use), text(_version(user)))))
    return fact(
        user,
        "parameter-family",
        fault.span,
        use.argument,
        fault=user.exists or fault,
        runs=constant(runs, fault.span),
        argument=constant(use.argument, fault.span),
    )


def _group(model: Model, user: Resource, use: Use) -> Group | None:
    """The one that is named; None where none is, or it is made elsewhere."""
    named = attribute(user, use.argument)
    if named is None:
        return None
    if (found := DEFAULT.fullmatch(text(named) or "")) is not None:
        return Group(Known(found[1], named.span, named.origin))
    meant = _meant(user, named, list(managed(model, (use.groups,))))
    family = None if meant is None else attribute(meant, "family")
    if meant is None or family is None:
        return None
    return Group(family, meant.exists or _choice(named, attribute(meant, "name")))


def _choice(named: Value, own: Value | None) -> Unknown | None:
    """The value where it may come from elsewhere: it is no plain reference, nor the group's own name, as far as that is known."""
    if not isinstance(named, Unknown):
        return None
    if isinstance(own, Unknown) and (own.reason, own.expression, own.parts) == (named.reason, named.expression, named.parts):
        return None
    return None if named.reason == "computed" and TRAVERSAL.fullmatch(named.expression) else named


def _meant(user: Resource, named: Value, groups: Sequence[Resource]) -> Resource | None:
    """By reference, of several instances the one with the user's key; or by the name that both give."""
    exact = [group for group in groups if group.address in named.refs]
    referred = exact or [group for group in groups if refers_to(named, group)]
    if len(referred) > 1:
        key = user.address.removeprefix(user.definition)
        referred = [group for group in referred if key and group.address.removeprefix(group.definition) == key]
    name = text(named)
    if not referred and name is not None:
        referred = [group for group in groups if text(attribute(group, "name")) == name]
    return referred[0] if len(referred) == 1 else None


def _fault(user: Resource, use: Use, group: Group) -> Value | None:
    """The family where it does not fit; what is not known where that decides."""
    if isinstance(group.family, Unknown):
        return _whole(group.family)
    engine, version = _engine(user, use), _version(user)
    fits = _fits(text(group.family) or "", engine and use.prefix + engine, text(version))
    if fits is None:
        unknown = next((value for value in (attribute(user, "engine"), version) if isinstance(value, Unknown)), None)
        return None if unknown is None else _whole(unknown)
    if fits:
        return None
    return group.family if group.doubt is None else _whole(group.doubt)


def _whole(value: Unknown) -> Unknown:
    """Without the pieces that are known, which tell that there is a text and nothing of whether it fits."""
    return replace(value, parts=(), structure=None)


def _engine(user: Resource, use: Use) -> str | None:
    given = attribute(user, "engine")
    return use.engine or None if given is None else text(given)


def _version(user: Resource) -> Value | None:
    """None too where the file keeps an old one because changes of it are ignored."""
    ignored = [item for block in blocks(user, "lifecycle") for item in elements(field(body_of(block), "ignore_changes"))]
    return None if any(text(item) in ("engine_version", "all") for item in ignored) else attribute(user, "engine_version")


def _fits(family: str, engine: str | None, version: str | None) -> bool | None:
    """None where the engine, or a version to compare, is not known."""
    if engine is not None:
        found = MAJOR.fullmatch(family.removeprefix(engine)) if family.startswith(engine) else None
        if found is None:
            return False
    else:
        found = ANY.fullmatch(family)
    if found is None or version is None:
        return None
    return _is_of(found[1].split("."), version.split("."), engine)


def _is_of(major: Sequence[str], version: Sequence[str], engine: str | None) -> bool | None:
    """Whether each part is the same; None where the version says less than the family and no part differs."""
    pairs = [(one, other) for one, other in zip(major, version, strict=False) if one != "x" and other != "x"]
    if not all(part.isdecimal() for pair in pairs for part in pair):
        return None
    if any(one.lstrip("0") != other.lstrip("0") for one, other in pairs):
        return False
    return None if engine is None or len(version) < len(major) else True
