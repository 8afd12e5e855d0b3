"""The texts of a change and their sentences: what is new in it, who says it, and where it stands."""

from __future__ import annotations

import pytest

from bot.engine.changeset.changes import changes
from bot.engine.claims.sentences import sentences
from bot.engine.claims.text import Sentence, Text
from bot.engine.claims.texts import texts
from bot.engine.model.snapshot import CommitText, PullText
from tests.changes import snapshot

BUCKET = """\
# Keeps the access logs.
# Encrypted with the team's key, and never
# open to the public.
resource "aws_s3_bucket" "logs" {
  bucket = "logs#1" # retained for 90 days
  tags = {
    Description = "Private bucket"
  }
}

variable "days" {
  description = "How long to keep \\"old\\" logs, e.g. 30 days."
  default     = <<EOT
# not a comment
EOT
}

/* One long
 * remark. */
module "edge" {
  # resource "aws_s3_bucket" "old" {
  #   acl = "private"
  # }
  source = "./edge" // internal only
}
"""


def _texts(before: dict[str, str], after: dict[str, str], **fields: object) -> tuple[Text, ...]:
    taken = snapshot(before, after, **fields)
    return texts(taken, changes(taken))


def _said(text: Text) -> list[str]:
    return [sentence.content for sentence in sentences(text)]


def test_comments_and_descriptions_with_their_blocks() -> None:
    found = [(item.line, item.block, _said(item)) for item in _texts({}, {"main.tf": BUCKET})]

    assert found == [
        (1, "aws_s3_bucket.logs", ["Keeps the access logs.", "Encrypted with the team's key, and never open to the public."]),
        (5, "aws_s3_bucket.logs", ["retained for 90 days"]),
        (7, "aws_s3_bucket.logs", ["Private bucket"]),
        (12, "var.days", ['How long to keep "old" logs, e.g. 30 days.']),
        (18, "module.edge", ["One long remark."]),
        (21, "module.edge", []),
        (24, "module.edge", ["internal only"]),
    ]


def test_a_sentence_has_the_lines_it_stands_on() -> None:
    text = _texts({}, {"main.tf": BUCKET})[0]

    assert [(sentence.line, sentence.last_line) for sentence in sentences(text)] == [(1, 1), (2, 3)]


def test_only_what_is_added_counts() -> None:
    after = BUCKET.replace("# Keeps the access logs.", "# Keeps the access logs, versioned.")

    found = _texts({"main.tf": BUCKET}, {"main.tf": after})

    assert [_said(text) for text in found] == [["Keeps the access logs, versioned."]]


def test_a_comment_that_is_copied_is_new_where_it_was_not() -> None:
    first = '# encrypted\nresource "aws_ebs_volume" "a" {\n}\n'

    found = _texts({"main.tf": first}, {"main.tf": first + first.replace('"a"', '"b"')})

    assert [(text.line, text.block) for text in found] == [(4, "aws_ebs_volume.b")]


def test_a_file_that_only_moved_says_nothing_new() -> None:
    assert _texts({"a.tf": BUCKET}, {"b.tf": BUCKET}, renames={"b.tf": "a.tf"}) == ()


def test_other_languages() -> None:
    found = _texts(
        {},
        {
            "app.yaml": 'apiVersion: v1\nkind: Pod # one "pod"\nname: "a # b"\n# not public\n',
            "main.bicep": "// read-only\nparam a string = 'http://x'\n",
            "Dockerfile": "# pinned\nRUN echo '# no'\n",
            "notes.txt": "# encrypted\n",
        },
    )

    assert [(text.path, text.line, text.content) for text in found] == [
        ("Dockerfile", 1, "pinned"),
        ("app.yaml", 2, 'one "pod"'),
        ("app.yaml", 4, "not public"),
        ("main.bicep", 1, "read-only"),
    ]


DOCUMENT = """\
# Storage

All buckets are **encrypted**. See [the page](https://example.org/a_b) for
version 1.4.0 of it.

- private
- [x] backed up daily
1. one more

> "no public access", they said

```
# least privilege
```

    indented = "code"

<!-- approved
by nobody -->
| name | encrypted |
"""


def test_a_document() -> None:
    (text,) = _texts({}, {"README.md": DOCUMENT})

    assert [(sentence.line, sentence.content, sentence.quoted) for sentence in sentences(text)] == [
        (18, "approved by nobody", True),
        (1, "Storage", False),
        (3, "All buckets are encrypted.", False),
        (3, "See the page for version 1.4.0 of it.", False),
        (6, "private", False),
        (7, "backed up daily", False),
        (8, "one more", False),
        (10, '"no public access", they said', True),
        (13, "least privilege", True),
        (16, 'indented = "code"', True),
        (20, "| name | encrypted |", False),
    ]


def test_messages_without_trailers_and_merges() -> None:
    trailers = "Co-authored-by: A <a@example.org>\nSigned-off-by: B <b@example.org>\n"
    message = f"Encrypt the bucket (#12)\n\nIt is private now.\n* no public access\n\n{trailers}"
    commits = (CommitText("abc", message), CommitText("def", "Merge branch 'private'"))

    found = _texts({}, {}, commits=commits, pull=PullText(title="Harden. Everything", body="One.\r\nTwo."))

    assert [(text.source, text.sha, _said(text)) for text in found] == [
        ("title", "", ["Harden.", "Everything"]),
        ("body", "", ["One.", "Two."]),
        ("commit", "abc", ["Encrypt the bucket (#12)", "It is private now.", "no public access"]),
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Uses TLS 1.2. It is private.", ["Uses TLS 1.2.", "It is private."]),
        ("Limits, i.e. AWS ones, e.g. 5 per account.", ["Limits, i.e. AWS ones, e.g. 5 per account."]),
        ("Is it private? Yes!", ["Is it private?", "Yes!"]),
        ("Short heading\nEncrypted with KMS", ["Short heading", "Encrypted with KMS"]),
        ("It goes on and\nEncrypts nothing", ["It goes on and Encrypts nothing"]),
    ],
)
def test_where_sentences_end(said: str, expected: list[str]) -> None:
    assert _said(Text("code", said, "main.tf", 1)) == expected


def test_a_quotation_is_nobody_s_word() -> None:
    assert [item.quoted for item in sentences(Text("code", '"encrypted at rest"', "main.tf", 1))] == [True]
    assert [item.quoted for item in sentences(Text("code", 'the "a" and "b"', "main.tf", 1))] == [False]


@pytest.mark.parametrize(
    "said", ["a. " * 20_000, "A. " * 20_000, "<!-- " * 20_000, "- " * 20_000, "[a](" * 20_000, "`" * 60_000, "> " * 30_000]
)
def test_no_text_takes_long(said: str) -> None:
    assert all(isinstance(item, Sentence) for item in sentences(Text("body", said, line=1)))
