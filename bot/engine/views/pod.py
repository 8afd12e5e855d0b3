"""Pods and their containers, wherever a pod template stands: one fact for each pod, and one for each container of it.

A pod has the fields of its spec (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec) in the
provider's spelling, and `workload` (`pod`, `deployment`, `cron_job` ...), `namespace`, `name`, `labels` (of the template and the
workload), `of_nodes` (whether its namespace is known to be `kube-system`, where the agents of the nodes live), `mount` (whether the
spec says that the token of its service account is mounted).

A container has its own fields and `workload`, `namespace`, `role` (`container`, `init`, `ephemeral`), what holds with the pod's own
security context (`run_as_user`, `run_as_non_root`, `seccomp`, `guarded`: whether there is a context at all), `capabilities_added`
and `capabilities_dropped` (without `CAP_`), `image_tag`, `by_digest`, `pinned` and `pulled` (the policy that holds when none is written:
https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting). A workload without a container is one without fields.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value, or_default
from bot.engine.views.container_image import image_fields
from bot.engine.views.kubernetes_object import Object, namespace, objects
from bot.engine.views.reading import Body, body_of, constant, elements, field, inner, known_as, listed, refers_to, span_of, text

WORKLOADS = frozenset(
    [
        "pod",
        "deployment",
        "daemon_set",
        "stateful_set",
        "job",
        "cron_job",
        "replica_set",
        "replication_controller",
        "pod_template",
        "deployment_config",
    ]
)
WAYS = ("job_template", "template")
ROLES = {"container": "container", "init_container": "init", "ephemeral_container": "ephemeral"}
INHERITED = ("run_as_user", "run_as_non_root")
POD_FIELDS = (
    "workload",
    "namespace",
    "of_nodes",
    "host_pid",
    "host_ipc",
    "host_network",
    "volume",
    "security_context",
    "service_account_name",
    "mount",
    "image",
    "labels",
)
CONTAINER_FIELDS = (
    *INHERITED,
    *[
        "workload",
        "namespace",
        "role",
        "image",
        "image_tag",
        "by_digest",
        "pinned",
        "pulled",
        "security_context",
        "capabilities_added",
        "capabilities_dropped",
        "guarded",
        "seccomp",
        "resources",
        "env",
        "env_from",
        "port",
        "liveness_probe",
        "readiness_probe",
    ],
)
ANNOTATED = {"runtime/default": "RuntimeDefault", "docker/default": "RuntimeDefault", "unconfined": "Unconfined"}


class Pod(Struct, frozen=True):
    """A pod in sight. `spec`: its fields; `metadata`: of the template, and of the workload; `path`: where the spec stands."""

    object: Object
    spec: Body
    metadata: tuple[Body, ...]
    path: str
    span: Span


def pods(model: Model) -> Iterator[Subject]:
    """A fact for each pod, in order."""
    accounts = [found for found in objects(model) if found.kind == "service_account"]
    return (_pod_fact(pod, accounts) for pod in _pods(model))


def containers(model: Model) -> Iterator[Subject]:
    """A fact for each container of each pod, in order."""
    return (subject for pod in _pods(model) for subject in _of_pod(pod))


def _pods(model: Model) -> Iterator[Pod]:
    return (_pod(found) for found in objects(model) if found.kind in WORKLOADS or not found.kind)


def _pod(found: Object) -> Pod:
    """Down the templates as far as they go: provider blocks and manifests nest alike."""
    metadata = [found.at("metadata")]
    at: Value | None = _block(found.body, "template" if found.kind == "pod_template" else "spec", found)
    names = ["spec"]
    for way in WAYS:
        template = None if at is None else _inside(body_of(at), way)
        if template is not None:
            metadata.insert(0, inner(body_of(template), "metadata"))
            at = _inside(body_of(template), "spec")
            names += [way, "spec"]
    path = ".".join([*([found.path] if found.path else ()), *names])
    span = found.span if at is None else span_of(at, found.resource)
    return Pod(found, {} if at is None else body_of(at), tuple(one for one in metadata if one is not None), path, span)


def _block(body: Body, name: str, found: Object) -> Value | None:
    at = _inside(body, name)
    return found.resource.incomplete if at is None else at


def _inside(body: Body, name: str) -> Value | None:
    return body if isinstance(body, Unknown) else next(iter(elements(body.get(name))), None)


def _pod_fact(pod: Pod, accounts: list[Object]) -> Subject:
    own = _fields(pod.spec, POD_FIELDS)
    if not isinstance(pod.spec, Unknown):
        images = [one for body, _, _ in _bodies(pod) if (one := field(body, "image")) is not None]
        own |= {
            **_about(pod),
            "of_nodes": constant(text(namespace(pod.object)) == "kube-system", pod.span),
            "labels": listed([one for body in pod.metadata if (one := field(body, "labels")) is not None], pod.span),
            "image": listed(images, pod.span),
            "mount": _mount(pod.spec, accounts),
        }
    return Subject(pod.object.resource, _set(own), pod.span, "pod", pod.path)


def _about(pod: Pod) -> dict[str, Value | None]:
    return {"workload": constant(pod.object.kind, pod.span), "namespace": namespace(pod.object)} if pod.object.kind else {}


def _mount(spec: dict[str, Value], accounts: list[Object]) -> Value | None:
    """What the spec says, else what its service account says where that is in sight; not set where neither does."""
    own, name = field(spec, "automount_service_account_token"), field(spec, "service_account_name")
    if own is not None or name is None:
        return own
    account = next((one for one in accounts if _is_called(one, name)), None)
    return None if account is None else field(account.body, "automount_service_account_token")


def _is_called(account: Object, name: Value) -> bool:
    if refers_to(name, account.resource):
        return True
    called = text(field(account.at("metadata") or {}, "name"))
    return called is not None and called == text(name)


def _set(fields: dict[str, Value | None]) -> dict[str, Value]:
    return {name: or_default(value) for name, value in fields.items() if value is not None}


def _fields(body: Body, names: tuple[str, ...]) -> dict[str, Value | None]:
    """The fields of a body that is known, or each of `names` as unknown as the body."""
    return dict.fromkeys(names, body) if isinstance(body, Unknown) else {name: field(body, name) for name in body}


def _bodies(pod: Pod) -> Iterator[tuple[Body, str, Value]]:
    """Each container: its fields, its path and where it stands."""
    if isinstance(pod.spec, Unknown):
        yield pod.spec, "container", pod.spec
        return
    for name in ROLES:
        for index, value in enumerate(elements(pod.spec.get(name))):
            yield body_of(value), f"{name}[{index}]", value


def _of_pod(pod: Pod) -> Iterator[Subject]:
    found = list(_bodies(pod)) or [({}, "container", Known({}, pod.span))]
    for body, path, value in found:
        span = value.span if value.span.line else pod.span
        own = _fields(body, CONTAINER_FIELDS)
        if not isinstance(body, Unknown):
            own |= _derived(body, pod, span)
        own |= {"role": constant(ROLES[path.partition("[")[0]], span), **_about(pod)}
        yield Subject(pod.object.resource, _set(own), span, "container", f"{pod.path}.{path}")


def _derived(body: dict[str, Value], pod: Pod, span: Span) -> dict[str, Value | None]:
    own, outer = inner(body, "security_context"), inner(pod.spec, "security_context")
    capabilities = inner(own, "capabilities")
    return {
        **{name: _effective(own, outer, name) for name in INHERITED},
        "guarded": _guarded(own, outer, span),
        "seccomp": _seccomp(body, own, outer, pod),
        "capabilities_added": _capabilities(capabilities, "add"),
        "capabilities_dropped": _capabilities(capabilities, "drop"),
        **image_fields(body),
    }


def _effective(own: Body | None, outer: Body | None, name: str) -> Value | None:
    """What the container says, else what the pod says."""
    for context in (own, outer):
        value = None if context is None else field(context, name)
        if value is not None:
            return value
    return None


def _guarded(own: Body | None, outer: Body | None, span: Span) -> Value:
    unknown = next((context for context in (own, outer) if isinstance(context, Unknown)), None)
    return unknown or constant(bool(own) or bool(outer), span)


def _seccomp(body: dict[str, Value], own: Body | None, outer: Body | None, pod: Pod) -> Value | None:
    """The type of the profile; before version 1.19 an annotation said it: https://kubernetes.io/docs/tutorials/security/seccomp/."""
    for context in (own, outer):
        profile = inner(context, "seccomp_profile")
        if profile is not None:
            return field(profile, "type")
    keys = (f"container.seccomp.security.alpha.kubernetes.io/{text(body.get('name'))}", "seccomp.security.alpha.kubernetes.io/pod")
    written = (inner(metadata, "annotations") for metadata in pod.metadata)
    found = next((value for notes in written if notes for key in keys if (value := field(notes, key)) is not None), None)
    known = text(found)
    return found if found is None or known is None else known_as(found, ANNOTATED.get(known, "Localhost"))


def _capabilities(body: Body | None, name: str) -> Value | None:
    """Names in capitals without the prefix that Linux gives them; one that is unknown stays so."""
    value = None if body is None else field(body, name)
    if not isinstance(value, Known) or not isinstance(value.raw, tuple):
        return value
    return known_as(value, tuple(map(_capability, value.raw)))


def _capability(value: Value) -> Value:
    name = text(value)
    return value if name is None else known_as(value, name.upper().removeprefix("CAP_"))
