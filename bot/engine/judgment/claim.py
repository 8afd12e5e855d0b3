"""View `claim`: what the text of a change says, and what was found about it.

Fields: `about` (`property`, `citation`, `authority`, `instruction`), `status` (`supported`, `contradicted`, `unverifiable`, `nonexistent`),
`source` (`code`, `document`, `title`, `body`, `commit`), `said` (the sentence), `found` (the value that shows it, with its place),
`subject` (the address of the resource that is spoken of), `infrastructure` (whether the change touches any).
What is said in a file stands there; what is said beside the files stands where it was found to be otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.judgment.subjects import subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.span import Span

FIELDS = ("about", "status", "source", "said", "found", "subject", "infrastructure")


class Said(Struct, frozen=True):
    """One sentence with what was found. `place`: where a reader is to look."""

    about: str
    status: str
    source: str
    said: str
    found: str
    subject: str
    place: Span
    change: Change


class Spoken(Struct, frozen=True):
    """Everything that the text of a change says and that was understood."""

    said: tuple[Said, ...]
    infrastructure: bool = True

    @property
    def head(self) -> Model:
        """What results of texts belong to: no root."""
        return Model("", None, "text", ())


def claims(spoken: Spoken) -> Iterator[Subject]:
    """A fact for each sentence; the same words at one place are one."""
    for item in spoken.said:
        place = item.place
        address = item.subject or place.path or item.source
        resource = Resource(address, address, "text", address, "terraform", "text", "", place, {})
        cause = Cause(item.change, key=(item.source, place.path, item.said))
        made = subject(
            "claim",
            resource,
            place,
            cause,
            about=item.about,
            status=item.status,
            source=item.source,
            said=item.said,
            found=item.found,
            subject=item.subject,
            infrastructure=spoken.infrastructure,
        )
        yield Subject(resource, made.attributes, place, "claim", f"{item.source} {item.said}", cause)
