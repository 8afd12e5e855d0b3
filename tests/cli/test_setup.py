"""From `app.yaml` to stored credentials, through the stand-in's pages as an operator's browser walks through them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.cli import setup
from bot.cli.options import parse
from bot.settings import load
from bot.standin import Standin
from bot.standin.state.apps import App
from tests.cli.command import countersign
from tests.settings.keys import KEY

Browser = Callable[[str], object]


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin.serve(strict=True) as made:
        made.key = KEY
        yield made
        assert (made.untrue, made.crashes, made.unsupported) == ([], [], [])


class Run:
    """The command in this process; the browser is a function of the address."""

    def __init__(self, standin: Standin, directory: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.standin, self.directory, self.capsys, self.patch = standin, directory, capsys, monkeypatch
        self.code, self.out, self.error = -1, "", ""

    def __call__(self, browser: Browser, *more: str, wait: float = 20) -> Run:
        threads: list[Thread] = []

        def opened(url: str) -> None:
            threads.append(Thread(target=browser, args=(url,)))
            threads[0].start()

        self.patch.setattr(setup, "_open", opened)
        words = ["--github-url", self.standin.url, "--api-url", self.standin.api, "--directory", str(self.directory), *more]
        self.code = setup.run(parse(setup.SPEC, words), wait)
        for thread in threads:
            thread.join(10)
        self.out, self.error = self.capsys.readouterr()
        return self

    @property
    def app(self) -> App:
        (app,) = self.standin.apps.values()
        return app

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.directory.iterdir()) if self.directory.exists() else []


@pytest.fixture
def run(standin: Standin, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(standin, tmp_path / "state", capsys, monkeypatch)


def form(url: str) -> tuple[str, dict[str, str]]:
    """Where the page's form goes and what it sends."""
    page = requests.get(url, timeout=5).text
    (action,) = re.findall(r'<form action="([^"]*)" method="post">', page)
    (manifest,) = re.findall(r'name="manifest" value="([^"]*)"', page)
    return unescape(action), {"manifest": unescape(manifest)}


def answered(url: str) -> str:
    """GitHub's redirect after the operator confirmed."""
    action, fields = form(url)
    made = requests.post(action, data={**fields, "confirm": "1"}, timeout=5, allow_redirects=False)
    assert made.status_code == 302, made.text
    return made.headers["Location"]


def confirmed(url: str) -> str:
    return requests.get(answered(url), timeout=10).text


def test_the_app_is_made_and_its_credentials_are_kept(run: Run) -> None:
    pages: list[str] = []
    run(lambda url: pages.append(confirmed(url)))
    assert (run.code, run.error, run.files) == (0, "", ["countersign.pem", "countersign.toml"])
    assert "Install the App" in pages[0]
    settings = load({"HOME": "/nowhere"}, str(run.directory / "countersign.toml"))
    assert (settings.app_id, settings.private_key.reveal()) == (run.app.id, run.app.pem)
    assert [secret.reveal() for secret in settings.webhook_secrets] == [run.app.webhook_secret]
    assert (settings.github_url, settings.api_url, settings.notes) == (run.standin.url, run.standin.api, ())
    assert {oct(path.stat().st_mode & 0o777) for path in run.directory.iterdir()} == {"0o600"}
    assert oct(run.directory.stat().st_mode & 0o777) == "0o700"


def test_what_comes_next_is_said_and_nothing_secret(run: Run) -> None:
    pages: list[str] = []
    run(lambda url: pages.append(confirmed(url)))
    assert f"{run.standin.url}/apps/countersign/installations/new" in run.out
    assert f"countersign serve --poll --config-file {run.directory}/countersign.toml\n" in run.out
    shown = run.out + run.error + pages[0]
    assert not [secret for secret in (run.app.webhook_secret, run.app.client_secret, "BEGIN") if secret in shown]


def test_the_app_asks_for_what_the_manifest_says(run: Run) -> None:
    given = ("--public-url", "https://countersign.acme.example/", "--organisation", "acme", "--name", "CS")
    run(confirmed, *given)
    manifest = setup.manifest("")
    assert run.app.permissions == manifest["default_permissions"]
    assert list(run.app.events) == manifest["default_events"]
    assert (run.app.webhook_url, run.app.hook_active) == ("https://countersign.acme.example/webhook", True)
    assert (run.app.owner.login, run.app.name, run.app.public) == ("acme", "CS", False)
    assert "countersign serve --config-file" in run.out


def test_without_a_public_address_the_hook_leads_nowhere_and_deliveries_are_recorded(run: Run) -> None:
    run(confirmed)
    assert (run.app.webhook_url, run.app.hook_active) == ("https://example.invalid/webhook", True)


@pytest.mark.parametrize("name", ["countersign.pem", "countersign.toml"])
def test_credentials_are_never_replaced(run: Run, name: str) -> None:
    run.directory.mkdir()
    (run.directory / name).write_text("mine")
    run(lambda _: pytest.fail("the browser was opened"))
    assert run.code == 3
    assert f"{run.directory}/{name} exists, so nothing was done" in run.error
    assert ((run.directory / name).read_text(), run.files, run.standin.apps) == ("mine", [name], {})


def test_a_directory_that_cannot_be_written_is_said_before_github_is_asked(run: Run) -> None:
    run.directory.write_text("a file")
    run(lambda _: pytest.fail("the browser was opened"))
    assert (run.code, "cannot be written to" in run.error, run.standin.apps) == (3, True, {})


def test_an_answer_with_another_state_is_refused_and_the_right_one_still_counts(run: Run) -> None:
    pages: list[requests.Response] = []

    def browser(url: str) -> None:
        back = answered(url)
        pages.append(requests.get(re.sub(r"state=[^&]+", "state=forged", back), timeout=5))
        pages.append(requests.get(re.sub(r"&state=[^&]+", "", back), timeout=5))
        assert run.files == []
        requests.get(back, timeout=10)

    run(browser)
    assert [page.status_code for page in pages] == [400, 400]
    assert "This answer belongs to another setup" in pages[0].text
    assert (run.code, len(run.standin.apps)) == (0, 1)


def test_a_code_that_github_does_not_know(run: Run) -> None:
    pages: list[str] = []
    run(lambda url: pages.append(requests.get(re.sub(r"code=\w+", "code=" + "0" * 40, answered(url)), timeout=10).text))
    assert (run.code, run.files) == (3, [])
    assert "GitHub does not know the code" in run.error
    assert "GitHub does not know the code" in pages[0]


def test_a_code_that_is_too_old(run: Run) -> None:
    def browser(url: str) -> None:
        back = answered(url)
        run.standin.clock.advance(3601)
        requests.get(back, timeout=10)

    run(browser)
    assert (run.code, run.files, "older than an hour" in run.error) == (3, [], True)


@pytest.mark.parametrize("query", ["", "&error=access_denied", "&code=", "&code=../x"])
def test_coming_back_without_a_code(run: Run, query: str) -> None:
    def browser(url: str) -> None:
        action, _ = form(url)
        state = parse_qs(urlsplit(action).query)["state"][0]
        assert requests.get(f"{url}created?state={state}{query}", timeout=5).status_code == 400

    run(browser)
    assert (run.code, run.files, "came back without a code" in run.error) == (3, [], True)


def test_nobody_comes_back(run: Run) -> None:
    run(lambda _: None, wait=0.1)
    assert (run.code, run.files, "nobody came back" in run.error) == (3, [], True)


def test_github_that_fails(run: Run) -> None:
    run.standin.faults.add("POST /app-manifests/*", kind="500", times=-1)
    run(confirmed)
    assert (run.code, run.files, "did not answer" in run.error) == (3, [], True)


def test_a_page_on_another_name_does_not_get_in(run: Run) -> None:
    statuses: list[int] = []

    def browser(url: str) -> None:
        statuses.append(requests.get(url, headers={"Host": "evil.example"}, timeout=5).status_code)
        statuses.append(requests.get(re.sub(r"/[^/]+/$", "/", url), timeout=5).status_code)

    run(browser, wait=1)
    assert statuses == [403, 404]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--public-url", "http://countersign.example"), "plain HTTP"),
        (("--github-url", "github.com"), "not an address"),
        (("--organisation", "a/b"), "letters, digits and dashes"),
        (("--organization", "acme"), "did you mean --organisation?"),
    ],
)
def test_what_cannot_be_meant(words: tuple[str, ...], text: str) -> None:
    done = countersign("setup", "--no-browser", *words)
    assert (done.code, text in done.error) == (64, True)
