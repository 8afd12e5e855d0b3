"""The issue about what lapses: what it lists, when it is closed, and what whoever closed it is not told again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec.structs import replace

from bot.report.comments import Words
from bot.report.lapsing import Due, Stands, issue
from tests.report.samples import phrases

WORDS = Words(phrases(), {"lapsing.md.j2": (Path(__file__).parents[2] / "templates/lapsing.md.j2").read_text()})
TODAY = date(2026, 11, 28)
WAIVER = Due("waiver", date(2026, 12, 1), "database-open", "aws_x.db", "@acme/net", "INC-1", ".github/countersign-waivers.yml:3")
ANSWER = Due("accept", date(2026, 11, 27), "Does `orders` go?", "J-2", "@ada", "moved to B", pull=12)
FAR = replace(WAIVER, day=date(2027, 6, 1))


def kept(*dues: Due, stands: Stands | None = None, today: date = TODAY, ahead: int = 14) -> Stands | None:
    return issue(dues, stands, today, WORDS, ahead)


def opened(*dues: Due, **fields: object) -> Stands:
    found = kept(*dues, **fields)  # type: ignore[arg-type]  # the fields of a test are its own
    assert found is not None
    return found


def lines(found: Stands) -> list[str]:
    return [line.replace("\u200b", "") for line in found.body.splitlines() if line.startswith(("#", "- "))]


def test_what_has_lapsed_and_what_will_soon() -> None:
    found = opened(WAIVER, ANSWER, FAR)
    assert (found.title, found.open) == ("Waivers and answers that lapse: 1 lapsed, 1 soon", True)
    assert lines(found) == [
        "### Lapsed",
        "- **2026-11-27** · `J-2` in #12 · Does `orders` go? · accepted by `@ada` · moved to B",
        "### Lapse soon",
        "- **2026-12-01** · waiver of `database-open` for `aws_x.db` · `.github/countersign-waivers.yml:3` · owner `@acme/net` · INC-1",
    ]


def test_the_day_itself_is_the_last_on_which_it_holds() -> None:
    today = replace(WAIVER, day=TODAY)
    assert "0 lapsed, 1 soon" in opened(today).title
    assert "1 lapsed, 0 soon" in opened(today, today=date(2026, 11, 29)).title
    assert kept(replace(WAIVER, day=date(2026, 12, 13))) is None
    assert kept(replace(WAIVER, day=date(2026, 12, 12))) is not None
    assert kept(WAIVER, ahead=2) is None


def test_it_is_the_same_the_next_day_and_closed_when_nothing_is_due() -> None:
    first = opened(WAIVER)
    assert opened(WAIVER, stands=first, today=date(2026, 11, 29)) == first
    closed = kept(stands=first)
    assert closed is not None
    assert (closed.open, "No waiver and no answer has lapsed" in closed.body) == (False, True)
    assert kept(stands=closed) is None
    assert kept() is None
    assert opened(WAIVER, stands=closed).open


def test_what_it_listed_when_somebody_closed_it_does_not_come_back() -> None:
    closed = replace(opened(ANSWER), open=False)
    assert kept(ANSWER, stands=closed) is None
    again = opened(ANSWER, WAIVER, stands=closed)
    assert [line for line in lines(again) if "J-2" in line] == []
    assert again.title.endswith("0 lapsed, 1 soon")
    assert opened(ANSWER, WAIVER, stands=again) == again
    renewed = replace(ANSWER, day=date(2026, 12, 2))
    assert "J-2" in opened(renewed, WAIVER, stands=again).body


def test_what_comes_from_files_and_people_does_nothing_there() -> None:
    found = opened(replace(ANSWER, reason="@acme/all see #1 <img src=x> -->\n## Approved", by="@x", about="`a` @everyone [x](y)"))
    text = next(line for line in found.body.splitlines() if line.startswith("- "))
    assert all(part not in text for part in ("@acme", " #1 ", "<img", "@everyone", "[x](y)"))
    assert found.body.count("\n## ") == 0


def test_a_body_that_only_looks_like_it_is_none_of_ours() -> None:
    pasted = Stands("t", "Look: " + opened(ANSWER).body, open=False)
    assert opened(ANSWER, stands=pasted).open


def test_many_are_counted_and_fit() -> None:
    found = opened(*(replace(ANSWER, place=f"J-{number}", reason="x" * 900, about="y" * 900) for number in range(300)))
    assert len(found.body) < 65_536
    assert "250 more" in found.body
