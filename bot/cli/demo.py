"""`countersign demo`: a sample change in a repository made for it, shown as its author and its reviewer would see it."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from shutil import copytree
from tempfile import TemporaryDirectory

from bot.cli import evaluate, output, resources
from bot.cli.options import Options, Spec
from bot.cli.render import markdown, rendered, source_lines
from bot.cli.status import CLEAN, NOT_EVALUATED
from bot.local import clone
from bot.local.git import Repository
from bot.local.problem import Problem

SPEC = Spec("demo", flags=("--plain",))
# Nothing of the person's own configuration: no signing, no hooks, no templates.
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "demo", "GIT_AUTHOR_EMAIL": "demo@example.com",
    "GIT_COMMITTER_NAME": "demo", "GIT_COMMITTER_EMAIL": "demo@example.com",
}  # fmt: skip


def run(options: Options) -> int:
    """Makes the repository, reviews the change, prints both views. 0 when the demonstration worked."""
    phrases = output.phrases()
    with TemporaryDirectory(prefix="countersign-demo-") as directory:
        _make(directory)
        with Repository(directory) as repository:
            ends = clone.endpoints(repository, "main..change")
            snapshot, source, _ = clone.committed(repository, ends, datetime.now(UTC), resources.rules())
            verdict = evaluate.review(snapshot, source, phrases)
            text = rendered(verdict, options, phrases, source_lines(snapshot, source), phrases.say("demo.compared"))
    heading = phrases.say
    output.write(
        f"{heading('demo.author')}\n\n{text}\n{heading('demo.reviewer')}\n\n{markdown(verdict, phrases)}\n{heading('demo.next')}\n"
    )
    return NOT_EVALUATED if verdict.state == "own-failure" else CLEAN


def _make(directory: str) -> None:
    sample = os.path.join(resources.directory("templates"), "demo")
    _git(directory, "init", "--quiet", "--initial-branch=main")
    for side, branch in (("before", None), ("after", "change")):
        if branch:
            _git(directory, "checkout", "--quiet", "-b", branch)
        copytree(os.path.join(sample, side), directory, dirs_exist_ok=True)
        _git(directory, "add", "--all")
        _git(directory, "commit", "--quiet", "--file", os.path.join(sample, "message.txt"))


def _git(directory: str, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | GIT
    try:
        done = subprocess.run(["git", "-C", directory, *arguments], env=environment, capture_output=True, check=False)  # noqa: S603, S607 - our own arguments; git is what PATH says
    except FileNotFoundError:
        raise Problem("no-git") from None
    if done.returncode:
        raise Problem("git-failed", command=arguments[0], detail=done.stderr.decode("utf-8", "replace").strip())
