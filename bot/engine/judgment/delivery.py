"""View `delivery`: what changes where the state is kept, what an apply runs, and what it takes over.

Fields: `form` (`backend`: the state is elsewhere; `backend-setting`: how it is reached differs; `provisioner`, `import`), `name` (the
argument of the backend that differs, the kind of provisioner, the address that is imported).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.judgment.difference import Difference
from bot.engine.judgment.subjects import place_of, resting, subject, unknown_of
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import body_of, elements, text

FIELDS = ("form", "name")
BACKENDS = ("backend", "cloud")
# Arguments that say where a state is: https://developer.hashicorp.com/terraform/language/backend, page by page.
PLACES = frozenset(
    [
        "address",
        "bucket",
        "conn_str",
        "container_name",
        "hostname",
        "key",
        "name",
        "namespace",
        "organization",
        "path",
        "prefix",
        "project",
        "repo",
        "schema_name",
        "secret_suffix",
        "storage_account_name",
        "tags",
        "type",
        "workspace_dir",
        "workspace_key_prefix",
        "workspaces",
    ]
)


def deliveries(difference: Difference) -> Iterator[Subject]:
    """A fact for a backend that differs, for each provisioner and each import that the base does not have."""
    if not difference.head.files:
        return
    yield from _backend(difference)
    for former, item in difference.blocks("managed"):
        yield from _provisioners(former, item)
    yield from _imports(difference)


def _backend(difference: Difference) -> Iterator[Subject]:
    """https://developer.hashicorp.com/terraform/language/backend#change-configuration. Only a root's own counts."""
    sides = [
        {name: value for item in model.resources if item.mode == "terraform" and not item.calls for name, value in _told(item)}
        for model in (difference.base, difference.head)
    ]
    changes = tuple(difference.comparison.changes(*sides))
    if not changes:
        return
    first = max(changes, key=lambda change: (_is_place(change.path), change.path.count("."), change.after is not None))
    here, there = (
        next((item for item in model.resources if item.mode == "terraform" and not item.calls), None)
        for model in (difference.head, difference.base)
    )
    settings = here or there
    assert settings is not None
    rests = tuple(item for change in changes for item in resting(change.path, change.before, change.after))
    cause, place = Cause(first, gone=here is None, rests=resting("".join(rests))), place_of(first.after, settings)
    form = "backend" if _is_place(first.path) else "backend-setting"
    yield subject("delivery", settings, place, cause, form=unknown_of(first) or form, name=first.path)


def _is_place(path: str) -> bool:
    """Whether the argument says where the state is; the block as a whole does."""
    _, _, name = path.partition(".")
    return not name or not PLACES.isdisjoint(name.split("."))


def _told(item: Resource) -> Iterator[tuple[str, Value]]:
    return ((name, item.attributes[name]) for name in BACKENDS if name in item.attributes)


def _provisioners(former: Resource | None, item: Resource) -> Iterator[Subject]:
    before = [text(body.get("type")) for body in _provisioned(former)] if former else []
    for body in _provisioned(item):
        kind = text(body.get("type"))
        if kind in before:
            before.remove(kind)
            continue
        value = body.get("type")
        place = place_of(value, item)
        cause = Cause(Change("provisioner", None, item.exists or value), rests=resting(body))
        yield subject("delivery", item, place, cause, form=item.exists or "provisioner", name=kind or "")


def _provisioned(item: Resource) -> Iterator[dict[str, Value]]:
    bodies = map(body_of, elements(item.attributes.get("provisioner")))
    return (body for body in bodies if isinstance(body, dict))


def _imports(difference: Difference) -> Iterator[Subject]:
    done = {to for to, _ in difference.base.imports}
    for to, span in difference.head.imports:
        if to not in done:
            kind, _, name = to.rpartition(".")
            item = Resource(to, to, kind.rpartition(".")[2], name, "managed", difference.head.language, difference.head.root, span, {})
            keys = Unknown("instances", to, span) if "[each." in to else None
            cause = Cause(Change("to", None, keys or Known(to, span)), key=("import", span.path))
            yield subject("delivery", item, span, cause, form=keys or "import", name=to)
