"""What an answer means, for forms that the stand-in does not send."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.answer import Answer, is_limit, redacted, refusal_of, wait_of
from bot.github.caller import Caller, Patience
from bot.github.connection import Address, Broken, Connection, Request, quoted
from bot.github.graphql import answered
from bot.github.limiter import Limiter
from bot.github.refusal import Refusal
from bot.standin import Standin
from tests.github.line import Moments

REQUEST = Request("GET", "/repos/acme/infra")


class Script(Connection):
    """A connection that answers as written down."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def send(self, request: Request, authorization: str) -> Answer:  # noqa: ARG002 - the signature of the base
        return self.answers.pop(0)


class Someone:
    late = False

    def header(self) -> str:
        return "Bearer x"

    def renew(self, refused: str, moment: float | None) -> bool:  # noqa: ARG002 - the protocol's
        return refused == "Bearer x"


def said(status: int, body: object = None, **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, names, b"" if body is None else msgspec.json.encode(body))


OK = said(200, {"ok": True})


def waited(*answers: Answer, patience: Patience | None = None, graphql: bool = False) -> list[float]:
    """How long the caller slept until the last of the answers was reached."""
    moments, script = Moments(), Script(*answers)
    caller = Caller(script, Someone(), Limiter(0.0, clock=moments.clock()), patience or Patience())
    assert caller.send(Request("POST", "/graphql", graphql=True) if graphql else REQUEST).succeeded
    assert script.answers == []
    return moments.slept


def test_a_limit_without_a_time_is_waited_out_for_a_minute_and_then_longer() -> None:
    bare = said(429, {"message": "Too many requests"})
    assert waited(bare, OK) == [60.0]
    assert waited(bare, bare, OK, patience=Patience(longest=1000)) == [60.0, 120.0]


def test_a_limit_that_graphql_tells_in_words_is_a_limit_too() -> None:
    """It has no type, and may come without any header."""
    words = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    assert waited(said(200, {"data": None, "errors": [{"message": words}]}), said(200, {"data": {"a": 1}}), graphql=True) == [60.0]


def test_when_the_hour_is_over_is_told_by_the_clock_that_counts_it() -> None:
    """A clock of ours that is ten minutes ahead does not end it: whoever carries on meanwhile may be shut out."""
    used_up = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1764432060", "date": "Sat, 29 Nov 2025 16:00:00 GMT"}
    assert wait_of(said(403, {}, **used_up), 1764432000.0 + 600) == 61.0
    assert wait_of(said(403, {}, **{**used_up, "date": "soon"}), 1764432000.0) == 61.0


def test_retry_after_counts_before_the_reset_and_for_a_break_too() -> None:
    assert waited(said(403, {}, retry_after="7", x_ratelimit_remaining="0", x_ratelimit_reset="99999999999"), OK) == [7.0]
    assert waited(said(503, None, retry_after="9"), OK) == [9.0]
    assert wait_of(said(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset="1000"), 990.0) == 11.0
    assert wait_of(said(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset="900"), 990.0) == 1.0
    assert wait_of(said(403, {}, x_ratelimit_remaining="0", x_ratelimit_reset="soon"), 990.0) is None


def test_a_limit_inside_a_200_is_a_limit() -> None:
    for kind in ("RATE_LIMITED", "RATE_LIMIT"):
        assert waited(said(200, {"errors": [{"type": kind, "message": "API rate limit exceeded"}]}), OK, graphql=True) == [60.0]
    broke = said(200, {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]})
    assert waited(broke, OK, graphql=True) == [1.0]


def test_comments_in_a_row_are_a_limit_though_they_are_a_422() -> None:
    assert is_limit(said(422, {"message": "Validation Failed", "errors": ["was submitted too quickly"]}))
    assert not is_limit(said(422, {"message": "Validation Failed"}))
    assert not is_limit(said(403, {"message": "Resource not accessible by integration"}))


class Newcomer(Someone):
    late = True


def test_a_token_that_github_does_not_know_yet_is_tried_again_for_some_seconds() -> None:
    bad = said(401, {"message": "Bad credentials"})
    moments, script = Moments(), Script(bad, bad, bad, OK)
    assert Caller(script, Newcomer(), Limiter(0.0, clock=moments.clock()), Patience()).send(REQUEST).succeeded
    assert moments.slept == [1.0, 2.0]
    script = Script(bad, bad, bad, bad, OK)
    with pytest.raises(Refusal, match="401 Bad credentials"):
        Caller(script, Newcomer(), Limiter(0.0, clock=moments.clock()), Patience()).send(REQUEST)
    assert len(script.answers) == 1


def test_a_token_that_stays_refused_is_tried_twice() -> None:
    script = Script(said(401, {"message": "Bad credentials"}), said(401, {"message": "Bad credentials"}), OK)
    caller = Caller(script, Someone(), Limiter(0.0, clock=Moments().clock()), Patience())
    with pytest.raises(Refusal, match="GET /repos/acme/infra: 401 Bad credentials") as refused:
        caller.send(REQUEST)
    assert (refused.value.kind, len(script.answers)) == ("unauthorised", 1)


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (said(404, {"message": "Not Found"}), "not-found", "404 Not Found"),
        (said(410, {"message": "Gone"}), "not-found", "410 Gone"),
        (said(409, {"message": "Git Repository is empty."}), "conflict", "409 Git Repository is empty."),
        (said(413), "too-large", "413"),
        (said(406, {"message": "m", "errors": [{"resource": "PullRequest", "field": "diff", "code": "too_large"}]}), "too-large", "406 m"),
        (said(403, {"message": "m", "errors": [{"resource": "Blob", "field": "data", "code": "too_large"}]}), "too-large", "403 m"),
        (said(400, {"message": "Version 1 is not supported"}), "invalid", "400 Version 1 is not supported"),
        (said(500, ["x"]), "unavailable", "500"),
        (said(451, {"message": "Repository access blocked"}), "forbidden", "451 Repository access blocked"),
    ],
)
def test_kinds_of_refusals(answer: Answer, kind: str, message: str) -> None:
    refusal = refusal_of(answer, "GET /x")
    assert refusal.kind == kind
    assert refusal.message.startswith(f"GET /x: {message}")


def test_errors_are_said_as_objects_and_as_plain_strings() -> None:
    objects = [{"resource": "CheckRun", "field": "annotations", "code": "invalid"}, {"code": "custom", "message": "too long"}]
    assert refusal_of(said(422, {"message": "Invalid", "errors": objects}), "POST /x").message == (
        "POST /x: 422 Invalid (CheckRun.annotations: invalid; custom too long)"
    )
    plain = {"message": "Unprocessable Entity", "errors": ["line must be part of the diff"]}
    assert refusal_of(said(422, plain), "POST /x").message == "POST /x: 422 Unprocessable Entity (line must be part of the diff)"
    assert refusal_of(said(422, {"message": "m", "errors": "one"}), "POST /x").message == "POST /x: 422 m (one)"


def test_a_token_in_a_message_is_hidden() -> None:
    for token in (
        f"ghs_123_{'a' * 40}.{'b' * 300}.{'c' * 80}",
        f"ghp_{'a' * 36}",
        f"github_pat_{'a' * 40}",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3M.x-y_z",
    ):
        assert redacted(f"header {token} end") == "header (hidden) end"
    assert len(redacted("x" * 5000)) == 1000


@given(
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["message", "errors", "data", "type", "path", "code", "x"]), inner),
    ).map(msgspec.json.encode),
    st.integers(200, 599),
    st.dictionaries(st.sampled_from(["retry-after", "x-ratelimit-reset", "x-ratelimit-remaining", "link"]), st.text(max_size=20)),
)
def test_any_answer_is_read_or_refused(body: bytes, status: int, headers: dict[str, str]) -> None:
    answer = Answer(status, headers, body)
    assert isinstance(refusal_of(answer, "GET /x"), Refusal)
    assert isinstance(answer.page("next"), str)
    wait_of(answer, 0.0)
    for read in (answer.json, lambda: answered(answer)):
        try:
            read()
        except Refusal:
            continue


def test_paths_are_quoted_and_climb_nowhere() -> None:
    assert quoted("feature/ä b?#%") == "feature%2F%C3%A4%20b%3F%23%25"
    for climbing in ("", ".", ".."):
        with pytest.raises(ValueError, match="not a path segment"):
            quoted(climbing)


def test_a_proxys_password_is_not_shown() -> None:
    assert "hunter2" not in repr(Address("https://api.github.com", proxy="http://me:hunter2@proxy:3128"))


def test_the_proxy_of_the_environment_is_used_unless_the_host_is_excepted(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", standin.url)
    answer = Connection(Address("http://github.test")).send(Request("GET", "/rate_limit"), "")
    assert "x-github-request-id" in answer.headers
    monkeypatch.setenv("no_proxy", "github.test")
    with pytest.raises(Broken):
        Connection(Address("http://github.test", timeout=1.0)).send(Request("GET", "/rate_limit"), "")
