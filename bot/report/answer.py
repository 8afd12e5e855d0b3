"""What is replied to a command in a comment, and the questions of a verdict as they were published."""

from __future__ import annotations

from datetime import datetime

from bot.engine.decisions.binding import bound, whole
from bot.engine.decisions.question import Asked, Refused
from bot.engine.model.verdict import Verdict, owners_of
from bot.report import titles
from bot.report.clean import cut
from bot.report.comments import Words
from bot.report.decided import difference, told
from bot.report.hidden import mask
from bot.report.limit import COMMENT, fit
from bot.report.phrases import Phrases
from bot.report.template import render, shortened

TEMPLATE = "answer.md.j2"
LISTED = 30
MAX_FIELD, MAX_DIFFERENCE = 200, 1_000


def reply(refused: Refused, words: Words) -> str:
    """The text for a command without effect: what, why, what to do next. It pings nobody, and what it echoes is escaped."""
    phrases = words.phrases
    fields = {name: _field(name, value, phrases) for name, value in refused.fields.items()}
    fields["owners"] = _joined(str(fields.get("owners", "")))
    fields["remaining"] = phrases.say("command.owners", **fields) if fields.get("owners") else ""
    text = phrases.say(f"command.{refused.key}", **fields)
    form = f"command.form.{fields.get('instead') or fields.get('word')}" if text.endswith(":") else ""
    return _rendered(words, kind="refused", text=text, form=form and _form(form, refused, phrases))


def _form(key: str, refused: Refused, phrases: Phrases) -> str:
    """How the command is written; the number and the day are our own."""
    number, latest = refused.fields.get("number"), refused.fields.get("latest")
    return phrases.say(key, number=number or phrases.say("command.form.any-number"), latest=latest or phrases.say("command.form.any-day"))


def status(verdict: Verdict, words: Words) -> str:
    """Whose turn it is, what is open and who may answer it, what is answered."""
    found = [shortened(item, words.phrases) for item in verdict.results if item.asked]
    return _rendered(
        words,
        kind="status",
        title=titles.title(verdict, words.phrases),
        open=[item for item in found if item.blocks],
        answered=[item for item in found if item.suppression is not None],
        owners=verdict.owners,
        listed=LISTED,
    )


def explained(verdict: Verdict, number: str, words: Words) -> str:
    """The question or violation with this number: facts, who may answer, how."""
    found = next((item for item in verdict.results if item.number == number), None)
    if found is None:
        return reply(unknown(verdict, number), words)
    owners = owners_of(verdict.owners, found)
    return _rendered(words, kind="explain", r=shortened(found, words.phrases), owners=owners)


def unknown(verdict: Verdict, number: str) -> Refused:
    """That no result has this number, and which numbers there are."""
    numbers = ", ".join(item.number for item in verdict.results if item.number)
    return Refused("unknown-number" if numbers else "nothing-asked", {"number": number, "numbers": numbers})


def questions(verdict: Verdict, phrases: Phrases, head: str, published: datetime) -> tuple[Asked, ...]:
    """What a command may answer, as this verdict publishes it. Who may is looked up when the command comes (`Governance.eligible`)."""
    return tuple(
        Asked(
            number=item.number,
            result=item.id,
            bound=bound(item),
            treatment="violation" if item.treatment == "violation" else "judgment",
            category=item.category,
            rule=item.rule,
            owners=owners_of(verdict.owners, item),
            file=item.shown_in,
            head=head,
            published=published,
            told=told(item, phrases),
        )
        for item in verdict.results
        if item.number
    )


def glass(verdict: Verdict, head: str, published: datetime) -> Asked:
    """What a break-glass answers: the whole change."""
    return Asked("", "", whole(verdict.results), "violation", "", "", (), head=head, published=published)


def changed(asked: Asked, verdict: Verdict, phrases: Phrases) -> Refused | None:
    """Why the question as it was published is not the one that is asked now; None while it is the same."""
    open_now = [item for item in verdict.results if item.asked]
    if any(bound(item) == asked.bound for item in open_now):
        return None
    now = next((item for item in open_now if item.id == asked.result), None)
    if now is None:
        return Refused("gone", {"number": asked.number})
    what = difference(asked.told, told(now, phrases), phrases)
    return Refused("changed", {"number": asked.number, "now": now.number, "difference": what})


def _rendered(words: Words, **fields: object) -> str:
    return fit(render(words.templates[TEMPLATE], words.phrases, **fields), COMMENT, words.phrases.say("check.cut"))


def _field(name: str, value: str | int, phrases: Phrases) -> str | int:
    """A field stands in code, and nothing in it may end that; a difference marks its parts as code itself."""
    if isinstance(value, int):
        return value
    text = " ".join(value[: 2 * MAX_DIFFERENCE].split())
    if name == "difference":
        return mask(cut(text, MAX_DIFFERENCE), phrases)
    return mask(cut(text.replace("`", "'"), MAX_FIELD), phrases)


def _joined(owners: str) -> str:
    """Each in a code span of its own."""
    return owners.replace(", ", "`, `")
