"""Each thing that can be missing, by itself, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.cli.doctor import document, shown, text
from bot.cli.options import Options
from bot.cli.output import phrases
from bot.confine import Layer
from bot.engine.policy import Policy, load_policy
from bot.github.facts import CodeOwnersFile, Governing, GoverningFile, RepositoryRef
from bot.github.refusal import Kind, Refusal
from bot.ledger import Delivery, Ledger
from bot.report.style import Style
from bot.settings import Note
from bot.web.examination import Examined, Finding, examine, governance, process, registration
from bot.web.examination.branches import required_check
from bot.web.examination.examine import Unasked

WORDS = phrases()
PLAIN = Style(width=140, colour=False, ascii=True)
WANTED = {"metadata": "read", "checks": "write"}
APP: dict[str, Any] = {
    "name": "Countersign",
    "slug": "countersign",
    "html_url": "https://github.com/apps/countersign",
    "owner": {"login": "acme", "type": "Organization"},
    "permissions": {"metadata": "read", "checks": "write"},
    "events": ["push"],
}
INSTALLED = {"account": {"login": "acme"}, "html_url": "https://github.com/i/1", "permissions": WANTED, "suspended_at": None}
PUBLIC = "https://c.example"
REPOSITORY = RepositoryRef(1, "acme/infra", 1, "main")


def keys(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(one.state, one.key) for one in found]


def texts(found: Iterable[Finding]) -> str:
    return text(Examined(tuple(found)), WORDS, PLAIN)


class Answers:
    """A gateway of canned pages."""

    def __init__(self, pages: dict[str, Any]) -> None:
        self._pages = pages

    def get(self, path: str) -> Any:
        return self.pages(path)

    def pages(self, path: str) -> Any:
        if path not in self._pages:
            raise Refusal("not-found", "Not Found", status=404)
        return self._pages[path]


@pytest.mark.parametrize(("ours", "right"), [(1000.0, True), (1029.0, True), (1031.0, False), (900.0, False)])
def test_the_clock(ours: float, right: bool) -> None:  # noqa: FBT001 - a column of the table
    assert [found.key for found in registration.clock(ours, 1000.0)] == ["clock-right" if right else "clock-wrong"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [("done", "permissions-right")]),
        ({"permissions": {"metadata": "read", "checks": "read"}}, [("to-do", "permissions-lacking")]),
        ({"permissions": {}, "events": []}, [("to-do", "permissions-lacking"), ("to-do", "events-lacking")]),
        ({"permissions": {"metadata": "read", "checks": "write", "contents": "write"}}, [("done", "permissions-right")]),
    ],
)
def test_what_the_app_asks_for(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert keys(registration.permissions({**APP, **change}, WANTED, ["push"])) == expected


@pytest.mark.parametrize(
    ("hook", "public", "key"),
    [
        ({"url": "https://c.example/webhook", "content_type": "json", "insecure_ssl": "0"}, "https://c.example", "webhook-right"),
        ({"url": "https://c.example/webhook", "content_type": "form", "insecure_ssl": "0"}, "https://c.example", "webhook-form"),
        ({"url": "https://c.example/webhook", "content_type": "json", "insecure_ssl": "1"}, "https://c.example", "webhook-insecure"),
        ({"url": "https://d.example/webhook"}, "https://c.example", "webhook-elsewhere"),
        ({"url": "https://example.invalid/webhook"}, "", "webhook-polled"),
        ({"url": ""}, "", "webhook-none"),
    ],
)
def test_where_deliveries_go(hook: dict[str, Any], public: str, key: str) -> None:
    assert [found.key for found in registration.webhook(hook, public, APP)] == [key]


def test_installations() -> None:
    suspended = {**INSTALLED, "suspended_at": "2026-01-01T00:00:00Z"}
    pending = {**INSTALLED, "permissions": {"metadata": "read"}}
    assert keys(registration.installations([], APP)) == [("to-do", "installations-none")]
    assert [found.key for found in registration.installations([INSTALLED, suspended, pending], APP)] == [
        "installation-right",
        "installation-suspended",
        "installation-pending",
    ]


def test_a_delivery_failed_when_no_attempt_was_answered() -> None:
    listed = [{"guid": "a", "status": "OK"}, {"guid": "b", "status": "timed out"}, {"guid": "a", "status": "timed out"}]
    (found,) = registration.deliveries(listed, PUBLIC)
    assert (found.key, found.fields) == ("deliveries-failed", {"n": 1, "all": 2, "detail": "timed out"})
    assert keys(registration.deliveries(listed[:1], PUBLIC)) == [("done", "deliveries-right")]
    assert keys(registration.deliveries(listed, "")) == [("done", "deliveries-fetched")]


RULESET = "/repos/acme/infra/rules/branches/main"
BRANCH = "/repos/acme/infra/branches/main"


def _ruleset(*checks: dict[str, Any]) -> Any:
    return [{"type": "deletion"}, {"type": "required_status_checks", "parameters": {"required_status_checks": list(checks)}}]


def _protection(*checks: dict[str, Any]) -> Any:
    required = {"contexts": [check["context"] for check in checks], "checks": list(checks)}
    return {"protection": {"enabled": bool(checks), "required_status_checks": required}}


@pytest.mark.parametrize(
    ("rules", "branch", "key"),
    [
        ([], _protection(), "check-not-required"),
        ([], {}, "check-not-required"),
        (_ruleset({"context": "countersign", "integration_id": 7}), {}, "check-required"),
        (_ruleset({"context": "countersign"}), {}, "check-not-pinned"),
        (_ruleset({"context": "countersign", "integration_id": 8}), {}, "check-of-another-app"),
        (_ruleset({"context": "build", "integration_id": 7}), {}, "check-not-required"),
        ([], _protection({"context": "countersign", "app_id": 7}), "check-required"),
        ([], _protection({"context": "countersign", "app_id": None}), "check-not-pinned"),
        ([], {"protection": {"required_status_checks": {"contexts": ["countersign"]}}}, "check-not-pinned"),
        (_ruleset({"context": "countersign"}), _protection({"context": "countersign", "app_id": 7}), "check-required"),
    ],
)
def test_the_required_check(rules: Any, branch: Any, key: str) -> None:
    found = required_check(Answers({RULESET: rules, BRANCH: branch}), REPOSITORY, 7, "countersign")
    assert [one.key for one in found] == [key]


POLICY = load_policy({})
CONFIG = ".github/countersign.yml"
OWNERS = b"owners:\n  data: ['@mona']\n"


def rules(files: Mapping[str, bytes]) -> Policy:
    return load_policy(dict(files)) if files else POLICY


@pytest.mark.parametrize(
    ("governing", "expected"),
    [
        (Governing(), ("done", "organisation-silent")),
        (Governing(organisation=GoverningFile("countersign/config.yml", b"")), ("done", "organisation-governs")),
        (Governing(unreadable={"countersign/config.yml": "larger than the limit"}), ("to-do", "governing-unreadable")),
        (Governing(configuration=GoverningFile(CONFIG, b"levle: observe\n")), ("to-do", "governing-invalid")),
        (Governing(configuration=GoverningFile(CONFIG, OWNERS)), ("done", "organisation-silent")),
        (Governing(rules={"countersign/rules/x.yaml": b"id: x\n"}), ("to-do", "governing-invalid")),
    ],
)
def test_governing_files(governing: Governing, expected: tuple[str, str]) -> None:
    assert keys(governance.files(REPOSITORY, governing, rules)) == [expected]


def test_owners_are_those_in_force() -> None:
    today = date(2026, 11, 28)
    assert governance.owners(REPOSITORY, Governing(configuration=GoverningFile(CONFIG, OWNERS)), today) == {"data": ("@mona",)}
    assert governance.owners(REPOSITORY, Governing(configuration=GoverningFile(CONFIG, b"owners: 7\n")), today) == {}


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        ({}, ["deciders-none-named"]),
        ({"data": ("@mona", "@lee")}, ["deciders-right"]),
        ({"data": ("@mona", "@MONA")}, ["deciders-few"]),
        ({"data": ("@acme/two",), "network": ("@acme/one", "@mona")}, ["deciders-few"]),
        ({"data": ("@acme/absent",)}, ["team-unreadable", "deciders-few"]),
    ],
)
def test_who_may_decide(owners: dict[str, tuple[str, ...]], expected: list[str]) -> None:
    two = [{"login": "Mona", "type": "User"}, {"login": "lee", "type": "User"}, {"login": "ci", "type": "Bot"}]
    ask = Answers({"/orgs/acme/teams/two/members": two, "/orgs/acme/teams/one/members": two[:1]})
    assert [found.key for found in governance.deciders(REPOSITORY, owners, ask)] == expected


def test_where_code_owners_answer_their_file_is_looked_at() -> None:
    asked = GoverningFile(".github/countersign.yml", b"owners: {data: [codeowners, '@mona'], fallback: ['@lee', '@ada']}")
    text = b"* @acme/absent\nx/ docs@example.com\n"
    found = CodeOwnersFile(GoverningFile("CODEOWNERS", text), "CODEOWNERS")
    wrong = {"errors": [{"path": "CODEOWNERS", "line": 1, "kind": "Unknown owner"}]}

    def told(governing: Governing) -> list[str]:
        ask = Answers({"/repos/acme/infra/codeowners/errors": wrong})
        return [finding.key for finding in governance.code_owners(REPOSITORY, governing, date(2026, 11, 29), ask)]

    assert told(Governing()) == []
    assert told(Governing(configuration=asked)) == ["codeowners-absent"]
    assert told(Governing(configuration=asked, code_owners=CodeOwnersFile(path="CODEOWNERS", refused="limit"))) == ["codeowners-unread"]
    assert told(Governing(configuration=asked, code_owners=found)) == ["codeowners-wrong", "codeowners-addresses", "team-unreadable"]
    owners = governance.owners(REPOSITORY, Governing(configuration=asked), date(2026, 11, 29))
    assert owners == {"data": ("codeowners", "@mona", "@lee", "@ada"), "fallback": ("@lee", "@ada")}
    assert [finding.key for finding in governance.deciders(REPOSITORY, owners, Answers({}))] == ["deciders-right"]


LAYERS = tuple(Layer(name, active=True) for name in ("landlock", "seccomp", "memory"))


@pytest.mark.parametrize(
    ("lacking", "expected"),
    [
        ((), ["confinement-right"]),
        (("landlock",), ["confinement-partly"]),
        (("memory",), ["confinement-partly"]),
        (("landlock", "seccomp"), ["confinement-files-open", "confinement-network-open"]),
    ],
)
def test_confinement(lacking: tuple[str, ...], expected: list[str]) -> None:
    layers = [Layer(layer.name, layer.name not in lacking, "") for layer in LAYERS]
    assert [found.key for found in process.confinement(layers)] == expected


def test_the_database_is_looked_at_and_never_made(tmp_path: Path) -> None:
    now, url = datetime(2026, 11, 28, tzinfo=UTC), f"sqlite:///{tmp_path}/state/ledger.sqlite"
    assert keys(process.database(url)) == [("done", "database-new")]
    assert keys(process.queue(url, now)) == [("done", "queue-right")]
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "state").mkdir()
    (tmp_path / "state/ledger.sqlite").write_bytes(b"")
    assert keys(process.database(url)) == [("done", "database-old")]
    ledger = Ledger(url)
    ledger.deliveries.store(Delivery("a", "push", "", "review", 1, 1, 1, b""), now - timedelta(hours=1))
    assert keys(process.database(url)) == [("done", "database-right")]
    assert keys(process.queue(url, now)) == [("to-do", "queue-wrong")]
    assert keys(process.queue(url, now - timedelta(minutes=50))) == [("done", "queue-right")]
    ledger.close()
    (tmp_path / "state/ledger.sqlite").write_bytes(b"not a database, and long enough to be looked at" * 100)
    assert keys(process.database(url)) == [("to-do", "database-wrong")]
    assert keys(process.database(f"sqlite:///{tmp_path}/state/ledger.sqlite/x/ledger.sqlite")) == [("to-do", "database-wrong")]


def test_one_step_that_fails_leaves_the_others() -> None:
    def refused(kind: Kind) -> Iterable[Finding]:
        raise Refusal(kind, "said", status=500)

    def broken() -> Iterable[Finding]:
        raise RuntimeError("postgresql://u:pa55@db")

    def waiting() -> Iterable[Finding]:
        raise Unasked("credentials")

    found = examine(
        [
            ("deliveries", lambda: refused("unavailable")),
            ("database", broken),
            ("webhook", waiting),
            ("confinement", lambda: process.confinement(LAYERS)),
        ]
    )
    assert [(one.step, one.state, one.key) for one in found.findings] == [
        ("deliveries", "unknown", "refused-unavailable"),
        ("database", "unknown", "failed"),
        ("webhook", "later", "after"),
        ("confinement", "done", "confinement-right"),
    ]
    assert "pa55" not in texts(found.findings)


def test_every_kind_of_refusal_has_words() -> None:
    for kind in get_args(Kind):
        assert WORDS.has(f"doctor.refused-{kind}")


CODES = [((), 0), (("to-do",), 1), (("unknown",), 3), (("to-do", "unknown"), 3), (("to-do", "later"), 1)]


@pytest.mark.parametrize(("states", "code"), CODES)
def test_exit_codes(states: tuple[Any, ...], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = Examined(tuple(Finding("clock", state, "clock-right") for state in states))
    assert shown(found, Options({"--format": "json"}, frozenset(), ()), WORDS) == code
    assert capsys.readouterr().out == document(found, WORDS)


def test_all_words(snapshot: SnapshotAssertion) -> None:
    polled = {"url": "https://example.invalid/webhook"}
    bare = {**APP, "permissions": {}, "events": []}
    found = (
        *process.settings([Note("COUNTERSIGN_WEBHOOK_SECRET", "short-secret", {"least": 20})]),
        *process.settings([Note("/etc/c.toml", "readable-by-others", {"mode": "0644", "path": "/etc/c.toml"})]),
        *registration.clock(0, 90),
        registration.refused(Refusal("unauthorised", "A JSON web token could not be decoded"), 7),
        *registration.permissions(bare, WANTED, ["push"]),
        *registration.webhook({"url": "https://d.example"}, "https://c.example", APP),
        *registration.webhook({}, "", APP),
        *registration.webhook(polled, "", APP),
        *registration.installations([], APP),
        *registration.installations([INSTALLED, {**INSTALLED, "suspended_at": "x"}, {**INSTALLED, "permissions": {}}], APP),
        *required_check(Answers({RULESET: [], BRANCH: {}}), REPOSITORY, 7, "countersign"),
        *required_check(Answers({RULESET: _ruleset({"context": "countersign"}), BRANCH: {}}), REPOSITORY, 7, "countersign"),
        *governance.files(REPOSITORY, Governing(unreadable={"countersign/config.yml": "too large"}), rules),
        *governance.files(REPOSITORY, Governing(configuration=GoverningFile(CONFIG, b"levle: observe\n")), rules),
        *governance.deciders(REPOSITORY, {"data": ("@acme/absent", "@mona")}, Answers({})),
        *registration.deliveries([{"guid": "a", "status": "timed out"}], PUBLIC),
        Finding("database", "to-do", "database-wrong", fields={"detail": "OperationalError"}),
        Finding("queue", "to-do", "queue-wrong", fields={"detail": "3 not done, the oldest for 1000 s"}),
        Finding("queue", "done", "queue-right", fields={"detail": "nothing waits"}),
        *process.confinement([Layer("landlock", active=False, detail="not on this system")]),
        Finding("deliveries", "later", "after", fields={"first": "credentials"}),
    )
    assert texts(found) == snapshot
