"""A clone, read with few git processes that run nothing the repository's own configuration names.

Hooks, file system monitors, external diff programs, text conversion, clean filters, signature programs and lazy fetching are
ways in which a repository's configuration makes git execute something: each is switched off, or the command that would use it
is not used. Nothing is checked out, and no working tree file is handed to git.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Self

from msgspec import Struct

from bot.engine.model.snapshot import CommitText, Entry
from bot.local.objects import Found, Objects
from bot.local.problem import Problem
from bot.local.process import Finished, run

SAFE = (
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=", "-c", "core.pager=cat",
    "-c", "log.showSignature=false", "-c", "core.untrackedCache=false", "-c", "submodule.recurse=false",
    "-c", "core.sshCommand=false", "-c", "core.gitProxy=", "-c", "diff.renameLimit=1000",
)  # fmt: skip
# https://git-scm.com/docs/git#_environment_variables
FIXED = {
    "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat", "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_ATTR_NOSYSTEM": "1", "GIT_LITERAL_PATHSPECS": "1",
}  # fmt: skip
MAX_LISTING = 400_000_000
MAX_COMMITS = 500
MAX_LINE = 10
MAX_COMMIT = 1_000_000
DEFAULT_BRANCHES = (
    "refs/remotes/origin/HEAD",
    "refs/heads/main",
    "refs/heads/master",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
)


class Raw(Struct, frozen=True):
    """One line of a raw diff. `status`: A, D, M, T, R (renamed) …; `old_path` differs from `path` for R only."""

    old_mode: str
    mode: str
    old_oid: str
    oid: str
    status: str
    old_path: str
    path: str


class Staged(Struct, frozen=True):
    """A file of the index, and what it was on the disk when it was put there: bytes, and nanoseconds since the epoch."""

    entry: Entry
    size: int
    modified: int


class Commit(Struct, frozen=True):
    """A commit: its id, first the tree's, then its parents' ids, and its text."""

    sha: str
    parents: tuple[str, ...]
    text: CommitText


class Repository:
    """Commands against one clone. Use as a context: it holds a process open."""

    def __init__(self, path: str) -> None:
        if not os.path.isdir(path):
            raise Problem("no-directory", path=path)
        self.path = path
        self._environment = {**{key: value for key, value in os.environ.items() if not key.startswith("GIT_")}, **FIXED}
        self._objects: Objects | None = None
        self.top, self.bare = self._place()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process that is held open."""
        if self._objects is not None:
            self._objects.__exit__(None, None, None)
            self._objects = None

    def git(self, *arguments: str, limit: int = MAX_LISTING) -> Finished:
        """Runs one git command in the repository."""
        try:
            return run(["git", "-C", self.path, "--no-pager", *SAFE, *arguments], self._environment, limit)
        except FileNotFoundError:
            raise Problem("no-git") from None

    def object(self, name: str, limit: int) -> Found | None:
        """An object by id or name."""
        if self._objects is None:
            self._objects = Objects(["git", "-C", self.path, *SAFE], self._environment)
        return self._objects.get(name, limit)

    def commit(self, revision: str) -> Commit | None:
        """The commit that a revision means, or None."""
        if revision.startswith("-"):
            return None
        found = self.object(f"{revision}^{{commit}}", MAX_COMMIT)
        if found is None or found.type != "commit":
            return None
        return _commit(found.oid, found.data or b"")

    def default_branch(self) -> tuple[str, Commit] | None:
        """The name a reader knows and the commit of the default branch, as far as the clone tells."""
        for name in DEFAULT_BRANCHES:
            if commit := self.commit(name):
                return name.removeprefix("refs/heads/").removeprefix("refs/remotes/"), commit
        return None

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits; None when there is none."""
        if self._line(one, other) is not None:
            return one
        return self.git("merge-base", "--end-of-options", one, other).output.decode().split("\n")[0] or None

    def is_shallow(self) -> bool:
        return self.git("rev-parse", "--is-shallow-repository").output.strip() == b"true"

    def commits(self, base: str, head: str) -> tuple[CommitText, ...]:
        """The commits of the head that the base has not, newest first, at most `MAX_COMMITS`."""
        if (line := self._line(base, head)) is not None:
            return line
        listed = self.git("rev-list", f"--max-count={MAX_COMMITS}", "--end-of-options", f"{base}..{head}").output.decode().split()
        return tuple(found.text for sha in listed if (found := self.commit(sha)))

    def _line(self, base: str, head: str) -> tuple[CommitText, ...] | None:
        """The few commits from a head down to its ancestor `base`, newest first, where each has one parent: what two processes of git
        would tell. None for any other history."""
        found: list[CommitText] = []
        at = head
        while at != base:
            commit = self.commit(at)
            if commit is None or len(commit.parents) != 1 or len(found) == MAX_LINE:
                return None
            found.append(commit.text)
            (at,) = commit.parents
        return tuple(found)

    def tree(self, commit: str) -> dict[str, Entry]:
        """Every file of a commit's tree."""
        done = self.git("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
        if done.code or done.cut:
            raise Problem("git-failed", command="ls-tree", detail=done.error.strip() or "output too long")
        return _listing(done.output)

    def index(self) -> dict[str, Staged]:
        """Every file of the index, with the size and time it had on the disk; of an unfinished merge our side."""
        done = self.git("-C", self.top, "ls-files", "--stage", "--debug", "-z")
        if done.code or done.cut:
            raise Problem("git-failed", command="ls-files", detail=done.error.strip() or "output too long")
        return _staged(done.output)

    def differences(self, base: str, head: str) -> tuple[Raw, ...]:
        """What changed between two commits, renames found."""
        return self._raw("diff-tree", "-r", "-z", "--raw", "-M", "--no-ext-diff", "--no-textconv", "--end-of-options", base, head)

    def staged(self, base: str) -> tuple[Raw, ...]:
        """What changed between a commit and the index, renames found."""
        return self._raw("diff-index", "--cached", "-z", "--raw", "-M", "--no-ext-diff", "--no-textconv", "--end-of-options", base)

    def untracked(self) -> tuple[str, ...]:
        """Files that are neither in the index nor ignored."""
        done = self.git("-C", self.top, "ls-files", "--others", "--exclude-standard", "-z")
        return tuple(_text(path) for path in done.output.split(b"\0") if path and not path.endswith(b"/"))

    def first_parents(self, head: str, count: int) -> tuple[str, ...]:
        """The newest commits of the first-parent history, newest first."""
        done = self.git("rev-list", "--first-parent", f"--max-count={count}", "--end-of-options", head)
        return tuple(done.output.decode().split())

    def _raw(self, *arguments: str) -> tuple[Raw, ...]:
        done = self.git(*arguments)
        if done.code or done.cut:
            name = next(word for word in arguments if word.startswith("diff-"))
            raise Problem("git-failed", command=name, detail=done.error.strip() or "output too long")
        return _differences(done.output)

    def _place(self) -> tuple[str, bool]:
        done = self.git("rev-parse", "--is-bare-repository", "--show-toplevel")
        lines = _text(done.output).split("\n")
        if lines[0] == "true":
            return "", True
        if done.code:
            detail = done.error.strip().split("\n")[0].removeprefix("fatal: ")
            raise Problem("not-a-repository" if "not a git repository" in detail else "git-refused", path=self.path, detail=detail)
        return lines[1], False


def _commit(sha: str, data: bytes) -> Commit:
    head, _, message = data.partition(b"\n\n")
    lines = [line.partition(b" ") for line in head.split(b"\n")]
    encoding = next((value.decode("ascii", "replace") for key, _, value in lines if key == b"encoding"), "utf-8")
    people: Mapping[str, tuple[str, str]] = {
        key.decode(): _person(value, encoding) for key, _, value in lines if key in (b"author", b"committer")
    }
    author, committer = people.get("author", ("", "")), people.get("committer", ("", ""))
    text = CommitText(sha, _decoded(message, encoding), *author, *committer)
    return Commit(sha, tuple(value.decode() for key, _, value in lines if key == b"parent"), text)


def _person(value: bytes, encoding: str) -> tuple[str, str]:
    name, _, rest = value.partition(b" <")
    return _decoded(name, encoding), _decoded(rest.partition(b">")[0], encoding)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _text(data: bytes) -> str:
    """A path as text; what is not UTF-8 reads as replacement characters, because it has to be shown and stored."""
    return data.decode("utf-8", "replace")


def _listing(output: bytes) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for line in output.split(b"\0"):
        if line:
            meta, _, path = line.partition(b"\t")
            mode, _, oid = meta.decode("ascii").split(" ")
            entries[_text(path)] = Entry(oid, mode)
    return entries


def _staged(output: bytes) -> dict[str, Staged]:
    """Records of `ls-files --stage --debug -z`: `mode oid stage<TAB>path<NUL>`, then lines with what the index knows of the file."""
    entries: dict[str, Staged] = {}
    first, *rest = output.split(b"\0")
    head = first
    for piece in rest:
        meta, _, path = head.partition(b"\t")
        known, head = _file_status(piece)
        mode, oid, stage = meta.decode("ascii").split(" ")
        if stage in ("0", "2") or _text(path) not in entries:
            entries[_text(path)] = Staged(Entry(oid, mode), known["size"][0], known["mtime"][0] * 1_000_000_000 + known["mtime"][1])
    return entries


def _file_status(piece: bytes) -> tuple[dict[str, tuple[int, ...]], bytes]:
    """The indented lines at the start of a piece as numbers by name, and what follows them: the next record's head."""
    known: dict[str, tuple[int, ...]] = {}
    while piece.startswith(b"  "):
        text, _, piece = piece.partition(b"\n")
        for field in text.decode("ascii").strip().split("\t"):
            name, _, value = field.partition(": ")
            known[name] = tuple(int(number, 16 if name == "flags" else 10) for number in value.split(":"))
    return known, piece


def _differences(output: bytes) -> tuple[Raw, ...]:
    fields = output.split(b"\0")
    found: list[Raw] = []
    position = 0
    while position < len(fields) and fields[position].startswith(b":"):
        old_mode, mode, old_oid, oid, status = fields[position][1:].decode("ascii").split(" ")
        paths = 2 if status[0] in "RC" else 1
        old, new = fields[position + 1], fields[position + paths]
        found.append(Raw(old_mode, mode, old_oid, oid, status[0], _text(old), _text(new)))
        position += 1 + paths
    return tuple(found)
