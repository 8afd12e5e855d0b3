"""View `dependency`: code of others that this change brings in, or lets move.

Fields: `form` (`new`: a source of a module, or of a provider that HashiCorp does not publish, that nothing on the base names; `unpinned`:
fixed before and not now; `major`: another major version), `name` (the source or the provider).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.judgment.difference import Difference
from bot.engine.judgment.subjects import place_of, resting, subject, unknown_of
from bot.engine.judgment.versions import is_other_major, major_of
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.module_source import form_of, module_sources
from bot.engine.views.reading import body_of, elements, field, text, truth

FIELDS = ("form", "name")
_OFFICIAL = ("hashicorp/", "terraform.io/builtin/")
_REVISION = Pattern(r"[?&](?:ref|rev)=([^&]*)")


def dependencies(difference: Difference) -> Iterator[Subject]:
    """A fact for each module source that is new or moves, and each provider whose major version differs."""
    yield from _modules(difference)
    yield from _providers(difference)
    yield from _provider_sources(difference)


def _modules(difference: Difference) -> Iterator[Subject]:
    base = {fact.resource.address: fact for fact in module_sources(difference.base)}
    known = {source_name(fact.resource) for fact in base.values()}
    for fact in sorted(module_sources(difference.head), key=lambda fact: fact.resource.address):
        call = fact.resource
        source, former = call.attributes.get("source"), difference.former(call)
        if isinstance(source, Unknown):
            if former is None or not difference.comparison.same(former.attributes.get("source"), source):
                yield _asked(call, "source", former, source, source.expression)
            continue
        if form_of(text(source) or "") == "local":
            continue
        before = base.get(former.address) if former else None
        name = source_name(call)
        if name not in known:
            known.add(name)
            yield _asked(call, "source", former, "new", name)
        elif before is not None and former is not None and source_name(former) == name:
            yield from _moved_on(call, former, before, fact, name)


def _moved_on(call: Resource, former: Resource, before: Subject, after: Subject, name: str) -> Iterator[Subject]:
    """A call of the same source, under another version."""
    path = "version" if "version" in call.attributes or "version" in former.attributes else "source"
    was, fixed = before.attributes.get("fixed"), after.attributes.get("fixed")
    if truth(was) is True and (isinstance(fixed, Unknown) or truth(fixed) is False):
        yield _asked(call, path, former, fixed if isinstance(fixed, Unknown) else "unpinned", name)
    elif is_other_major(_revision(former), _revision(call)):
        yield _asked(call, path, former, "major", name)


def _asked(call: Resource, path: str, former: Resource | None, form: str | Unknown, name: str) -> Subject:
    value = call.attributes.get(path)
    change = Change(path, former.attributes.get(path) if former else None, value)
    rests = resting(call.attributes.get("source"), call.attributes.get("version"))
    cause = Cause(change, key=(str(form), name), rests=rests)
    return subject("dependency", call, place_of(value, call), cause, form=form, name=name)


def source_name(call: Resource) -> str:
    """A call's source without what chooses a version, and without a directory inside."""
    written = (text(call.attributes.get("source")) or "").partition("?")[0]
    protocol, _, rest = written.rpartition("://")
    return f"{protocol}://{rest.partition('//')[0]}" if protocol else rest.partition("//")[0]


def _revision(call: Resource) -> str:
    version = text(call.attributes.get("version"))
    found = _REVISION.search(text(call.attributes.get("source")) or "")
    return version or (found[1] if found else "")


def _providers(difference: Difference) -> Iterator[Subject]:
    base = _required(difference.base)
    for name, (settings, after) in _required(difference.head).items():
        former = base.get(name)
        if former is None:
            continue
        before = former[1]
        change = Change(f"required_providers.{name}.version", before, after)
        unknown = unknown_of(change) if not difference.comparison.same(before, after) else None
        if unknown is not None or is_other_major(text(before) or "", text(after) or ""):
            cause, place = Cause(change, key=major_key(name, text(after) or "")), place_of(after, settings)
            yield subject("dependency", settings, place, cause, form=unknown or "major", name=name)


def _provider_sources(difference: Difference) -> Iterator[Subject]:
    """Providers from a source that is new here. A root that names its first source by now says only what it had."""
    base = _required(difference.base, "source")
    known = {"", *(_provider(source) for sources in difference.base.provider_sources.values() for source in sources)}
    used = {item.provider.partition(".")[0] for item in difference.base.resources}
    versions = _required(difference.head)
    for name, (settings, source) in _required(difference.head, "source").items():
        written = text(source)
        former = base[name][1] if name in base else None
        if written is None or _provider(written) in known or (former is None and name in used):
            continue
        known.add(_provider(written))
        rests = resting(source, versions[name][1] if name in versions else None)
        cause = Cause(Change(f"required_providers.{name}.source", former, source), key=("new", written.lower()), rests=rests)
        yield subject("dependency", settings, place_of(source, settings), cause, form="new", name=written)


def _provider(source: str) -> str:
    """`datadog/datadog`, without the registry of all; empty for HashiCorp's own."""
    name = source.lower().removeprefix("registry.terraform.io/").removeprefix("registry.opentofu.org/")
    return "" if name.startswith(_OFFICIAL) else name


def _required(model: Model, wanted: str = "version") -> Mapping[str, tuple[Resource, Value]]:
    """Provider → where its version is constrained, or its source is named, of the root itself."""
    found: dict[str, tuple[Resource, Value]] = {}
    for item in model.resources:
        if item.mode == "terraform" and not item.calls:
            for block in elements(item.attributes.get("required_providers")):
                body = body_of(block)
                for name, value in body.items() if isinstance(body, dict) else ():
                    is_version = isinstance(value, Known) and not isinstance(value.raw, dict)
                    told = field(body_of(value), wanted) if not is_version else value if wanted == "version" else None
                    if told is not None:
                        found.setdefault(name, (item, told))
    return found


def major_key(name: str, version: str) -> tuple[str, ...]:
    """What makes one question of everything that takes a provider to one major version."""
    return "provider", name.removesuffix("-beta"), str(major_of(version))
