"""`countersign demo`: a sample change, as its author sees it and as a pull request that the App reviews on a stand-in for GitHub."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from shutil import copytree
from tempfile import TemporaryDirectory

from bot.cli import demo_play, evaluate, output, resources
from bot.cli.options import Options, Spec
from bot.cli.render import rendered, source_lines
from bot.cli.status import CLEAN, NOT_EVALUATED
from bot.local import clone
from bot.local.git import Repository
from bot.local.problem import Problem
from bot.report.phrases import Phrases

SPEC = Spec("demo", values=("--format",), flags=("--plain", "--exit"), choices={"--format": ("text", "json")})
# Nothing of the person's own configuration: no signing, no hooks, no templates.
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "demo", "GIT_AUTHOR_EMAIL": "demo@example.com",
    "GIT_COMMITTER_NAME": "demo", "GIT_COMMITTER_EMAIL": "demo@example.com",
}  # fmt: skip


def run(options: Options) -> int:
    """Reviews the change on the command line, then plays it as a pull request. 0 when the demonstration worked.

    The page is served until the terminal's person ends it; with `--exit`, or without a terminal, it ends by itself.
    """
    phrases = output.phrases()
    as_json = options.get("--format") == "json"
    if not as_json and not _reviewed(options, phrases):
        return NOT_EVALUATED
    with TemporaryDirectory(prefix="countersign-demo-") as directory, demo_play.playing(directory) as play:
        for stage in play.stages():
            if not as_json:
                output.write(_told(stage, phrases))
        same = play.again()
        if as_json:
            output.write(_json(play.final_state()))
            return CLEAN if same else NOT_EVALUATED
        output.write(phrases.say("demo.again" if same else "demo.again-changed") + "\n\n")
        if not options.has("--exit") and sys.stdin.isatty():
            output.write(phrases.say("demo.serving", url=play.url) + "\n")
            sys.stdout.flush()
            _until_interrupted()
    output.write(phrases.say("demo.next") + "\n")
    return CLEAN if same else NOT_EVALUATED


def _reviewed(options: Options, phrases: Phrases) -> bool:
    """The author's view, before the push."""
    with TemporaryDirectory(prefix="countersign-demo-") as directory:
        _make(directory)
        with Repository(directory) as repository:
            ends = clone.endpoints(repository, "main..change")
            snapshot, source, _ = clone.committed(repository, ends, datetime.now(UTC), resources.rules())
            verdict = evaluate.review(snapshot, source, phrases)
            text = rendered(verdict, options, phrases, source_lines(snapshot, source), phrases.say("demo.compared"))
    output.write(f"{phrases.say('demo.author')}\n\n{text}\n")
    return verdict.state != "own-failure"


def _told(stage: demo_play.Stage, phrases: Phrases) -> str:
    """What the reviewer sees after one push."""
    lines = [phrases.say(f"demo.stage.{stage.name}"), "", phrases.say("demo.check", conclusion=stage.conclusion, title=stage.title)]
    for path, line, body in stage.comments:
        said = next((text for text in body.split("\n") if text and not text.startswith("<!--")), "")
        lines.append(phrases.say("demo.comment", where=path if line is None else f"{path}:{line}", text=said))
    if stage.name == "after":
        lines += ["", stage.summary.rstrip()]
    return "\n".join([*lines, "", ""])


def _json(state: object) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(state), indent=1).decode() + "\n"


def _until_interrupted() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        output.write("\n")


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
