"""Environment and file become settings, or everything that is wrong with them, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import fields
from syrupy.assertion import SnapshotAssertion

from bot.cli.output import phrases
from bot.settings import Secret, Settings, SettingsError, api_of, load
from bot.settings.fields import FIELDS
from tests.settings.keys import ELLIPTIC, PEM, WEBHOOK_SECRET

WORDS = phrases()
MINIMAL = {"COUNTERSIGN_APP_ID": "7", "COUNTERSIGN_PRIVATE_KEY": PEM, "COUNTERSIGN_WEBHOOK_SECRET": WEBHOOK_SECRET}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), **MINIMAL, **{f"COUNTERSIGN_{name.upper()}": value for name, value in more.items()}}


def problems(home: Path, variables: dict[str, str], file: str | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load({"HOME": str(home), **variables}, file)
    found = [f"{problem.where}: {WORDS.say(f'settings.{problem.key}', **problem.fields)}" for problem in caught.value.problems]
    return [text.replace(str(home), "~") for text in found]


def test_three_values_are_enough(tmp_path: Path) -> None:
    settings = load(environment(tmp_path))
    assert (settings.app_id, settings.webhook_secrets, settings.private_key) == (7, (Secret(WEBHOOK_SECRET),), Secret(PEM))
    assert settings.ledger_url.reveal() == f"sqlite:///{tmp_path}/.local/state/countersign/ledger.sqlite"
    assert (settings.address, settings.port, settings.api_url) == ("127.0.0.1", 8080, "https://api.github.com")
    assert settings.notes == ()


def test_nothing_secret_is_shown(tmp_path: Path) -> None:
    given = environment(tmp_path, ledger_url="postgresql://u:pa55@db/c", proxy="http://u:pa55@proxy:3128", webhook_secret_old="f" * 40)
    settings = load(given)
    shown = f"{settings!r} {settings} {settings.private_key} {[settings.proxy]}"
    assert not [text for text in ("pa55", WEBHOOK_SECRET, "f" * 40, "BEGIN") if text in shown]
    assert settings.ledger_url.reveal() == "postgresql+psycopg://u:pa55@db/c"
    assert len(settings.webhook_secrets) == 2


def test_the_file_names_what_lies_beside_it_and_the_environment_wins(tmp_path: Path) -> None:
    place = tmp_path / "etc"
    place.mkdir()
    (place / "key.pem").write_text(PEM)
    (place / "key.pem").chmod(0o600)
    toml = f'app_id = 8\nprivate_key_file = "key.pem"\nwebhook_secret = "{WEBHOOK_SECRET}"\nworkers = 2\nwrite_spacing = 0.5\n'
    (place / "countersign.toml").write_text(toml)
    (place / "countersign.toml").chmod(0o600)
    settings = load({"HOME": str(tmp_path), "COUNTERSIGN_WORKERS": "9"}, str(place / "countersign.toml"))
    assert (settings.app_id, settings.workers, settings.write_spacing, settings.notes) == (8, 9, 0.5, ())
    assert settings.private_key == Secret(PEM)


def test_the_default_places_are_looked_at_in_order(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    (state / "countersign.toml").write_text("workers = 3\n")
    given = environment(tmp_path, state_directory=str(state))
    assert load(given).workers == 3
    (tmp_path / "countersign.toml").write_text("workers = 5\n")
    assert load(given).workers == 5


def test_a_variable_replaces_the_file_that_the_toml_names(tmp_path: Path) -> None:
    (tmp_path / "countersign.toml").write_text('private_key_file = "absent.pem"\n')
    assert load(environment(tmp_path)).private_key == Secret(PEM)


def test_a_key_in_one_line_is_read(tmp_path: Path) -> None:
    assert load(environment(tmp_path, private_key=PEM.replace("\n", "\\n"))).private_key == Secret(PEM)


def test_files_that_others_read_and_short_secrets_are_said(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PEM)
    (tmp_path / "key.pem").chmod(0o644)
    given = environment(tmp_path, private_key="", private_key_file="key.pem") | {"COUNTERSIGN_WEBHOOK_SECRET": "short"}
    notes = load(given).notes
    assert [(note.key, note.fields.get("mode")) for note in notes] == [("short-secret", None), ("readable-by-others", "0644")]
    assert all(WORDS.say(f"settings.note.{note.key}", **note.fields) for note in notes)


def test_a_service_of_the_same_name_is_no_setting(tmp_path: Path) -> None:
    given = environment(tmp_path, port="tcp://10.0.0.7:80", service_host="10.0.0.7", port_80_tcp_addr="10.0.0.7")
    assert load(given).port == 8080


def test_everything_wrong_is_said_at_once(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    given = {
        "COUNTERSIGN_APP_ID": "seven",
        "COUNTERSIGN_PRIVATE_KEY": "key.pem",
        "COUNTERSIGN_GITHUB_URL": "http://github.example",
        "COUNTERSIGN_LEDGER_URL": "mysql://u:pa55@db/c",
        "COUNTERSIGN_LISTEN": "8080",
        "COUNTERSIGN_PUBLIC_URL": "countersign.example",
        "COUNTERSIGN_WORKERS": "0",
        "COUNTERSIGN_WRITE_SPACING": "fast",
        "COUNTERSIGN_LOG_LEVEL": "loud",
        "COUNTERSIGN_REPLICA": "one two",
        "COUNTERSIGN_CA_BUNDLE": "absent.pem",
        "COUNTERSIGN_PROXY": "pa55",
        "COUNTERSIGN_WORKER": "4",
        "COUNTERSIGN_XYZZY": "1",
    }
    found = problems(tmp_path, given)
    assert "pa55" not in "".join(found)
    assert "\n".join(found) == snapshot


def test_a_file_is_located_by_line(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    toml = 'app_id = 7\n\nworker = 2\nlisten = ["a"]\nlog_level = "loud"\nprivate_key = "x"\nprivate_key_file = "y"\n'
    (tmp_path / "c.toml").write_text(toml)
    assert "\n".join(problems(tmp_path, {}, str(tmp_path / "c.toml"))) == snapshot


@pytest.mark.parametrize(
    ("data", "key"),
    [(b'webhook_secret = "a" b', "toml"), (b"\xff", "toml-encoding"), (None, "file")],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes | None, key: str) -> None:
    if data is not None:
        (tmp_path / "c.toml").write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        load(environment(tmp_path), str(tmp_path / "c.toml"))
    assert [problem.key for problem in caught.value.problems] == [key]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "private-key-broken"),
        (ELLIPTIC, "private-key-kind"),
        ("-----BEGIN RSA PRIVATE KEY-----\n\N{PILE OF POO}", "private-key-broken"),
    ],
)
def test_a_key_that_is_none(tmp_path: Path, value: str, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environment(tmp_path, private_key=value))
    assert [problem.key for problem in caught.value.problems] == [key]
    assert "AAAA" not in str(caught.value)


def test_files_of_secrets_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    given = environment(tmp_path, private_key="", private_key_file="absent", proxy_file="binary")
    given |= {"COUNTERSIGN_WEBHOOK_SECRET": "", "COUNTERSIGN_WEBHOOK_SECRET_FILE": "empty"}
    with pytest.raises(SettingsError) as caught:
        load(given)
    assert {problem.key for problem in caught.value.problems} == {"file", "empty", "encoding"}


@pytest.mark.parametrize(
    ("web", "api"),
    [
        ("https://github.com", "https://api.github.com"),
        ("https://acme.ghe.com", "https://api.acme.ghe.com"),
        ("https://git.acme.example:8443", "https://git.acme.example:8443/api/v3"),
    ],
)
def test_the_interface_follows_from_the_address(web: str, api: str) -> None:
    assert api_of(web) == api


@pytest.mark.parametrize("value", ["[::1]:0", "0.0.0.0:80", "localhost:65535"])
def test_where_to_listen(tmp_path: Path, value: str) -> None:
    settings = load(environment(tmp_path, listen=value))
    assert f"{settings.address}:{settings.port}" == value.replace("[", "").replace("]", "")


def test_table_and_struct_name_the_same() -> None:
    named = {field.name for field in FIELDS} - {"listen", "webhook_secret", "webhook_secret_old"}
    assert named == {field.name for field in fields(Settings)} - {"address", "port", "webhook_secrets", "notes"}


def test_every_variable_is_at_most_one_setting() -> None:
    assert len({field.variable for field in FIELDS}) == len(FIELDS)
