"""One check, several things to say: pull requests with one head, and a merge queue that put one out."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.verdict import Conclusion
from bot.report.limit import CHECK, COMMENT, fit
from bot.report.markdown import prose
from bot.report.marker import summary_line, without
from bot.report.phrases import Phrases
from bot.report.publication import Publication
from bot.report.publish import MAX_TITLE

# A check run belongs to a commit, a verdict to a pull request: the worst one shows. success and neutral both let a merge through.
WORST_FIRST: tuple[Conclusion, ...] = ("failure", "action_required", "neutral", "success")


class Numbered(Struct, frozen=True):
    """A publication and the pull request it is for."""

    number: int
    publication: Publication


def worst(own: Numbered, sharing: Sequence[Numbered], phrases: Phrases) -> Publication:
    """What `own` shows when those `sharing` have the same head: its own comments, and the check of the worst of all.

    The same for every one of them, whichever is published last. Others under another check's name do not count.
    """
    same = [item for item in sharing if item.number != own.number and item.publication.check_name == own.publication.check_name]
    if not same:
        return own.publication
    every = sorted((own, *same), key=lambda item: (WORST_FIRST.index(item.publication.conclusion), item.number))
    shown, rest = every[0], every[1:]
    others = ", ".join(f"#{item.number}" for item in rest)
    note = phrases.say("check.sharing", n=len(rest), all=len(every), others=others, number=shown.number)
    lines = [f"- {phrases.say('check.sharing-title', number=item.number, title=prose(item.publication.title))}" for item in every]
    check = shown.publication
    text = "\n".join([note, "", *lines, "", check.summary])
    title = phrases.say("check.sharing-title", number=shown.number, title=check.title)
    return replace(
        own.publication,
        conclusion=check.conclusion,
        title=title[:MAX_TITLE],
        summary=fit(text, CHECK, phrases.say("check.cut")),
        text=check.text,
    )


def ejected(publication: Publication, sha: str, title: str, phrases: Phrases) -> Publication:
    """The publication with the note that the merge queue put the pull request out: `title` is the check's of the group's head `sha`."""
    note = phrases.say("check.ejected", sha=sha[:7], title=prose(title))
    summary = fit(f"{note}\n\n{publication.summary}", CHECK, phrases.say("check.cut"))
    if publication.summary_comment is None:
        return replace(publication, summary=summary)
    said = summary_line() + f"{note}\n\n" + without(publication.summary_comment)
    return replace(publication, summary=summary, summary_comment=fit(said, COMMENT, phrases.say("check.cut")))
