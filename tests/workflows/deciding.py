"""A repository in which questions are asked, and the people who may answer them and may not: one App for a whole module of tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from bot.cli import resources
from bot.confine import Supervisor
from bot.ledger import Given
from bot.standin import Standin
from bot.standin.state import reviews
from bot.standin.state.accounts import Account
from bot.standin.state.issues import Comment, IssueComment
from bot.standin.state.pulls import PullRequest
from bot.standin.state.queue import MergeGroup
from bot.standin.state.reviews import Review
from bot.workflows import Shipped
from tests.standin.client import Client, signed, token_for
from tests.standin.conftest import EVENTS, KEY, PERMISSIONS, Scene
from tests.workflows.app import WORLD, Application, application, signals

CONFIGURATION = """version: 1
level: enforce
owners:
  data: ["@acme/data-owners", "@olga"]
  network: ["@acme/net-owners"]
  fallback: ["@kim"]
"""
REVIEWED = CONFIGURATION + "reviews: [data]\n"  # where an approving review answers
ORGANISATION = 'break-glass: ["@acme/incident"]\n'
# Encrypting it makes Terraform delete the volume and create an empty one.
VOLUME = """
resource "aws_ebs_volume" "cache" {{
  availability_zone = "{zone}"
  size              = 100
  encrypted         = {encrypted}
}}
"""
PLAIN, ENCRYPTED = (VOLUME.format(zone="eu-central-1a", encrypted=encrypted) for encrypted in ("false", "true"))
USED = """
resource "aws_volume_attachment" "cache" {
  device_name = "/dev/sdh"
  instance_id = "i-1"
  volume_id   = aws_ebs_volume.cache.id
}
"""
WAITING = "Waiting for @acme/data-owners, @olga: 0 of 1 decided"
PEOPLE = "mona ada olga nina rita sven pia paul cora carl kim ines"
STACKS = 28
# So few that an evaluation costs next to nothing.
RULES = ("data-replaced.yaml", "database-port-open-to-world.yaml")


@dataclass
class Desk:
    """`people` by login. `asking` opens a pull request with one question, each in a directory of its own."""

    scene: Scene
    review: Application
    people: dict[str, Account]
    directory: Path
    used: int = 0
    pulls: list[PullRequest] = field(default_factory=list)

    def path(self, number: int | None = None) -> str:
        return f"s{self.used if number is None else number:02}/main.tf"

    def asking(self, *, by: str = "mona", draft: bool = False, message: str = "Encrypt the cache") -> PullRequest:
        """J-1 asks whether the volume may go."""
        self.used += 1
        files = {self.path(): ENCRYPTED}
        pull = self.scene.repo.pull_request(f"encrypt-{self.used}", files=files, by=self.people[by], message=message, draft=draft)
        self.review.deliver()
        self.pulls.append(pull)
        return pull

    def by_many(self) -> PullRequest:
        """Written by mona, with a commit of cora's, a trailer with carl's address, and a head that paul pushed."""
        pull, people, repo = self.asking(), self.people, self.scene.repo
        pull.push({"cora.md": "a\n"}, author=people["cora"].person())
        pull.push({"carl.md": "a\n"}, message=f"Say more\n\nCo-authored-by: Carl <{people['carl'].email}>")
        moved = repo.write_commit([pull.head_sha], {"paul.md": "a\n"}, "Say even more", people["mona"].person())
        repo.update_ref(f"refs/heads/{pull.head_ref}", moved, people["paul"])
        self.review.deliver()
        assert self.check(pull) == ("action_required", WAITING)
        return pull

    def restart(self, supervisor: Supervisor) -> None:
        """Another process takes over, which knows what the ledger keeps and nothing else."""
        former, self.review = self.review, _started(self.scene, self.directory, supervisor)
        self.review.moved, self.review.seen = former.moved, former.seen
        former.app.close()
        former.parts.ledger.close()

    def opening(self, text: str = WORLD) -> PullRequest:
        """V-1 says that a database is open to everybody."""
        self.used += 1
        files = {f"s{self.used:02}/db.tf": text}
        pull = self.scene.repo.pull_request(f"open-{self.used}", files=files, by=self.people["mona"])
        self.review.deliver()
        return pull

    def later(self, seconds: float = 2.0) -> None:
        """Time passes, for GitHub and for us."""
        self.scene.standin.clock.advance(seconds)
        self.review.moved += timedelta(seconds=seconds)

    def says(self, pull: PullRequest, who: str, text: str) -> IssueComment:
        """A comment in the conversation, and what the App makes of it."""
        self.later()
        comment = pull.comment(self.people[who], text)
        self.review.deliver()
        return comment

    def reviews(self, pull: PullRequest, who: str, event: str = "APPROVE", text: str = "", commit: str = "") -> Review:
        """A review, and what the App makes of it."""
        self.later()
        made = reviews.create(pull, self.people[who], text, commit or pull.head_sha, event, ())
        self.review.deliver()
        return made

    def check(self, pull: PullRequest | MergeGroup) -> tuple[str | None, str | None]:
        return self.review.check(pull)[1:]

    def summary(self, pull: PullRequest) -> str:
        """What the check says, as a reader sees it."""
        (run,) = [run for run in self.scene.standin.runs() if run.head_sha == pull.head_sha]
        return (run.summary or "").replace("\u200b", "").replace("\\", "")

    def reactions(self, comment: Comment) -> list[str]:
        return [made.content for made in comment.reactions if made.user is self.scene.app.bot]

    def replies(self, pull: PullRequest, comment: Comment | Review) -> list[str]:
        """Everything that we answered to the comment."""
        marked = f"{comment.id} -->\n"
        bodies = [made.body for made in pull.comments] + [made.body for made in pull.review_comments]
        return [
            body.partition("\n")[2].replace("\u200b", "").replace("\\", "")
            for body in bodies
            if "countersign:reply" in body and marked in body
        ]

    def recorded(self, pull: PullRequest) -> tuple[Given, ...]:
        return self.review.parts.ledger.decisions.of(self.scene.repo.id, pull.number)

    def counting(self, pull: PullRequest) -> list[tuple[str, str, str]]:
        found = self.review.parts.ledger.decisions.counting(self.scene.repo.id, pull.number)
        return [(item.login, item.verb, item.handle) for item in found]


@contextmanager
def desk(directory: Path, supervisor: Supervisor, configuration: str = CONFIGURATION) -> Iterator[Desk]:
    """mona writes; ada and olga decide about data, nina about the network; the others may not, each for a reason of their own."""
    with Standin.serve(strict=True) as standin:
        standin.key = KEY
        org = standin.organisation("acme")
        people = {name: org.member(name) for name in PEOPLE.split()}
        repo = org.repository("infra", files={f"s{number:02}/main.tf": PLAIN for number in range(STACKS)})
        for name, person in people.items():
            if name != "rita":
                repo.collaborator(person, "write")
        owners = org.team("data-owners", [people[name] for name in ("ada", "rita", "paul", "cora", "carl", "kim", "mona")])
        owners.allow(repo, "read")
        owners.invited.add("pia")
        org.team("net-owners", [people["nina"]]).allow(repo, "read")
        org.team("incident", [people["ines"]])
        org.repository(".github", files={"countersign/config.yml": ORGANISATION})
        repo.commit({".github/countersign.yml": configuration}, by=people["mona"])
        app = standin.app(permissions=PERMISSIONS, events=EVENTS, webhook_url="http://127.0.0.1:9/unreachable")
        installation = app.install(org)
        with Client(standin, token_for(installation)) as client, Client(standin, signed(app)) as as_app:
            scene = Scene(standin, org, people["mona"], repo, app, installation, None, client, as_app)  # type: ignore[arg-type]  # none yet
            made = Desk(scene, _started(scene, directory, supervisor), people, directory)
            made.review.deliver()
            yield made
            made.review.app.close()
            made.review.parts.ledger.close()
        assert (standin.unsupported, standin.untrue, standin.crashes) == ([], [], [])


def _started(scene: Scene, directory: Path, supervisor: Supervisor) -> Application:
    made = application(scene, directory, supervisor)
    rules = {path: data for path, data in resources.rules().items() if path.rpartition("/")[2] in RULES}
    made.parts = replace(made.parts, shipped=Shipped(rules, signals=signals()))
    return made
