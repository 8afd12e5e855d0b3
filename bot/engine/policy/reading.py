"""Reading a located document strictly: what is missing, superfluous or of the wrong form is a problem with a place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.engine.documents import Node, NotReadable, load, scalar
from bot.engine.model.span import Span
from bot.engine.policy.problem import Problem, not_allowed

MAX_PROBLEMS = 100
# What libyaml says, and what its author has most often done.
MEANT = {
    "did not find expected key": "a key was expected; the line is not indented like the lines it belongs to",
    "mapping values are not allowed in this context": "a second colon in one line; put the value in quotes",
    "found unexpected end of stream": "a quote is not closed",
}
FORMS = {"mapping": "keys with values", "sequence": "a list", "scalar": "a single value"}


class Reader:
    """Collects the problems of one file, the first hundred. Every method reports what does not fit and answers something usable."""

    def __init__(self, *, columns: bool = True) -> None:
        self.problems: list[Problem] = []
        self._columns = columns

    def report(self, span: Span, place: str, text: str, value: str = "") -> None:
        if not self.full:
            self.problems.append(Problem(span, place, text, value, self._columns))

    @property
    def full(self) -> bool:
        """Whether more problems would help nobody: their words are not even made."""
        return len(self.problems) >= MAX_PROBLEMS

    def document(self, data: bytes, path: str, most: int | None = None) -> Node | None:
        """The only document of a file; None when it is empty or cannot be read. `most`: bytes that are still read."""
        if most is not None and len(data) > most:
            self.report(Span(path, 1), "", f"has {len(data):,} bytes; at most {most:,} are read.")
            return None
        try:
            found = load(data, path)
        except NotReadable as error:
            self.report(error.span, "", f"is not readable: {_explained(error, data)}.")
            return None
        if len(found) > 1:
            self.report(found[1].span, "", "has more than one document.")
        return found[0] if found else None

    def fields(self, node: Node, place: str, allowed: Collection[str], required: Collection[str] = ()) -> dict[str, Node]:
        """The values of a mapping by key; unknown, doubled and missing keys are reported."""
        found = self.names(node, place)
        spans = {key.text: key.span for key, _ in reversed(node.pairs)}
        for name in [name for name in found if name not in allowed]:
            del found[name]
            if not self.full:
                self.report(spans[name], below(place, name), not_allowed("a key here", name, tuple(allowed)))
        if node.kind != "mapping":
            return {}
        for name in required:
            if name not in found:
                self.report(node.span, below(place, name), "is missing.")
        return found

    def names(self, node: Node, place: str) -> dict[str, Node]:
        """The values of a mapping by key, whatever the keys; one that is no text or stands twice is reported."""
        found: dict[str, Node] = {}
        for key, value in node.pairs if self.form(node, place, "mapping") else ():
            if key.kind != "scalar":
                self.report(key.span, place, "has a key that is not a single value.")
            elif key.text in found:
                self.report(key.span, below(place, key.text), "stands here twice.")
            else:
                found[key.text] = value
        return found

    def form(self, node: Node, place: str, kind: str) -> bool:
        if node.kind != kind:
            self.report(node.span, place, f"has to be {FORMS[kind]}.", node.text)
        return node.kind == kind

    def text(self, node: Node | None, place: str) -> str:
        """A text that says something."""
        if node is None:
            return ""
        if self.form(node, place, "scalar") and not node.text.strip():
            self.report(node.span, place, "is empty.")
        return node.text.strip()

    def word(self, node: Node | None, place: str, what: str, allowed: Collection[str], default: str = "") -> str:
        """One of the allowed words; what is none of them reads as the default."""
        if node is None:
            return default
        if self.form(node, place, "scalar") and node.text in allowed:
            return node.text
        if node.kind == "scalar":
            self.report(node.span, place, not_allowed(what, node.text, tuple(allowed)), node.text)
        return default

    def entries(self, node: Node | None, place: str) -> Iterator[tuple[Node, str]]:
        """The items of a list with their places."""
        if node is not None and self.form(node, place, "sequence"):
            yield from ((item, f"{place}[{number}]") for number, item in enumerate(node.items))

    def texts(self, node: Node | None, place: str) -> tuple[str, ...]:
        return tuple(self.text(item, at) for item, at in self.entries(node, place))

    def truth(self, node: Node, place: str) -> bool:
        value = scalar(node) if node.kind == "scalar" else None
        if not isinstance(value, bool):
            self.report(node.span, place, "has to be true or false.", node.text)
        return value is True


def _explained(error: NotReadable, data: bytes) -> str:
    """What the parser says, in an author's words where its own do not tell what to do."""
    lines = data.splitlines()
    line = lines[error.span.line - 1] if error.span.line <= len(lines) else b""
    if b"\t" in line[: len(line) - len(line.lstrip())]:
        return "the line begins with a tab; YAML is indented with blanks"
    return MEANT.get(error.detail, error.detail)


def below(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
