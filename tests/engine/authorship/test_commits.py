"""What a commit says about who wrote it."""

from __future__ import annotations

import pytest

from tests.engine.authorship.table import GITHUB, PERSON, found, graded, told

CLAUDE = "Co-Authored-By: Claude Opus 4.8 (1M context) <noreply@anthropic.com>"
FOOTER = "🤖 Generated with [Claude Code](https://claude.com/claude-code)"


@pytest.mark.parametrize(
    ("trailer", "tool"),
    [
        (CLAUDE, "Claude Code"),
        ("co-authored-by: claude <NoReply@Anthropic.com>", "Claude Code"),
        ("Co-Authored-By:Claude Sonnet 5 <noreply@anthropic.com>", "Claude Code"),
        ("Co-Authored-By : Claude <noreply@anthropic.com>.", "Claude Code"),
        ("Claude-Session: https://claude.ai/code/session_013x9DVLufDbpDTfqH8mNUDL", "Claude Code"),
        ("Claude-Session-Id: 6f2c0d3e-8a4b-4f0e-9c58-0a5f6bb1f001", "Claude Code"),
        ("Co-authored-by: claude[bot] <209825114+claude[bot]@users.noreply.github.com>", "Claude (GitHub App)"),
        ("Co-authored-by: copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>", "GitHub Copilot coding agent"),
        ("Agent-Logs-Url: https://github.com/acme/infra/sessions/6f2c0d3e-8a4b-4f0e-9c58-0a5f6bb1f001", "GitHub Copilot coding agent"),
        ("Co-authored-by: Copilot App <223556219+Copilot@users.noreply.github.com>", "GitHub Copilot CLI/App"),
        ("Co-authored-by: Copilot <copilot@github.com>", "GitHub Copilot CLI/App"),
        ("Copilot-Session: 6f2c0d3e-8a4b-4f0e-9c58-0a5f6bb1f001", "GitHub Copilot CLI/App"),
        ("Co-authored-by: Codex <noreply@openai.com>", "OpenAI Codex"),
        ("Co-authored-by: Cursor <cursoragent@cursor.com>", "Cursor"),
        ("Made-with: Cursor", "Cursor"),
        ("Co-authored-by: aider (openai/gpt-5.2) <aider@aider.chat>", "Aider"),
        ("Signed-off-by: Amazon Q <q@amazon.com>", "Amazon Q Developer"),
        ("Amp-Thread-ID: https://ampcode.com/threads/T-9d6f1c2e-0000-4000-8000-000000000000", "Amp"),
        ("Co-Authored-By: Oz <oz-agent@warp.dev>", "Warp"),
        ("Replit-Commit-Author: Agent", "Replit Agent"),
        ("Generated-By: mintlify-agent", "Mintlify agent"),
        ("Assisted-by: Claude Code:claude-opus-4.6", "Claude Code"),
        ("Assisted-by: Claude Opus 4.6 via Claude Code", "Claude Code"),
        ("Assisted-by: Claude:claude-3-opus coccinelle sparse", "Claude Code"),
        ("Assisted-by: codex/gpt-5", "OpenAI Codex"),
        ("Assisted-by: OpenAI GPT-5 <noreply@openai.com>", "OpenAI Codex"),
        ("Assisted-by: OpenCode:claude-opus-4.6", "opencode"),
        ("Assisted-by: GLM-5.1 via Crush <crush@charm.land>", "Crush"),
        ("Assisted-By: Cursor (GPT-5.6 Sol) <cursoragent@cursor.com>", "Cursor"),
        ("Assisted-by: GitHub Copilot", "GitHub Copilot CLI/App"),
        ("AI-assistant: Claude Code 2.1 (Claude Sonnet 4.6)", "Claude Code"),
        ("Entire-Agent: Claude Code", "Claude Code"),
        ("Assisted-by: GPT-5.5", "OpenAI Codex"),
        ("AI-assisted: Codex", "OpenAI Codex"),
        ("Co-authored-by: Qwen-Coder <qwen-coder@alibabacloud.com>", "Qwen Code"),
        ("Co-authored-by: GitHub Copilot <noreply@github.com>", "GitHub Copilot CLI/App"),
        ("Co-authored-by: terragon-labs[bot] <terragon-labs[bot]@users.noreply.github.com>", "Terragon"),
        ("Co-Authored-By: claude-flow <ruv@ruv.net>", "Claude Flow"),
    ],
)
def test_a_trailer_of_a_tool_declares_it(trailer: str, tool: str) -> None:
    for end in ("", "\n", "\r\n"):
        told_by = told(f"Add a bucket\n\nWith encryption.\n\n{trailer}{end}")[0]
        assert (told_by.grade, told_by.tools) == ("ai-declared", (tool,))
        assert {(item.place, item.strength, item.text) for item in told_by.evidence} == {("trailer", "strong", trailer)}


@pytest.mark.parametrize(
    "trailer",
    [
        "Co-authored-by: Claude Dupont <claude.dupont@example.com>",
        "Co-authored-by: Devin <devin@example.com>",
        "Co-authored-by: Jules <jules@anthropic.com>",
        "Co-authored-by: Claude",
        "Assisted-by: Claude Dupont <c.dupont@example.com>",
        "Assisted-by: Jane Doe <jane@openai.com>",
        "Assisted-by: Kim Cursor <kim@example.com>",
        "Assisted-by: coccinelle",
        "Assisted-by: none",
        "AI-assistant: none",
        "AI-assisted: no",
        "Co-authored-by: GitHub <noreply@github.com>",
        "Generated-By: openstack/project-config:roles/copy-release-tools-scripts/files/release-tools/add_release_note_page.sh",
        "Generated-by: terraform-docs 0.19",
        "Reviewed-by: gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>",
        "Reviewed-by: Claude <noreply@anthropic.com>",
        "Reported-by: Copilot <223556219+Copilot@users.noreply.github.com>",
        "Signed-off-by: Amp <amp@example.com>",
        "Replit-Commit-Author: Deployment",
        "Fixes: https://github.com/acme/claude/issues/3",
        "Made-with: love",
        "Co-authored-by: Reuven Cohen <ruv@ruv.net>",
    ],
)
def test_people_reviews_and_other_generators_are_no_evidence(trailer: str) -> None:
    assert graded(f"Fix it\n\n{trailer}") == "no-evidence"


@pytest.mark.parametrize("domain", ["anthropic.com", "cline.bot", "warp.dev", "all-hands.dev", "sweep.dev", "cursor.com", "openai.com"])
def test_who_works_for_a_vendor_is_a_person(domain: str) -> None:
    assert graded(author=("Claude", f"claude.martin@{domain}")) == "no-evidence"


@pytest.mark.parametrize(
    ("author", "grade", "tool"),
    [
        (("Claude", "noreply@anthropic.com"), "ai-declared", "Claude Code"),
        (("redhat-chai-bot", "noreply@anthropic.com"), "ai-declared", "Claude Code"),
        (("Claude (via Conductor)", "noreply@conductor.build"), "ai-declared", "Claude Code"),
        (("claude[bot]", "41898282+claude[bot]@users.noreply.github.com"), "ai-declared", "Claude (GitHub App)"),
        (("claude[bot]", "41898282+github-actions[bot]@users.noreply.github.com"), "ai-declared", "Claude (GitHub App)"),
        (("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com"), "automation", "github-actions[bot]"),
        (("Kim", "223556219+Copilot@users.noreply.github.com"), "ai-declared", "GitHub Copilot CLI/App"),
        (("Devin AI", "158243242+renamed[bot]@users.noreply.github.com"), "ai-declared", "Devin"),
        (("devin-ai-integration[bot]", "devin-ai-integration[bot]@users.noreply.github.com"), "ai-declared", "Devin"),
        (("Kim (aider)", "kim@example.com"), "ai-declared", "Aider"),
        (("openhands", "openhands@all-hands.dev"), "ai-declared", "OpenHands"),
        (("OpenHands Bot", "openhands@all-hands.dev"), "automation", "OpenHands Bot"),
        (("OpenHands Bot", "contact@all-hands.dev"), "automation", "OpenHands Bot"),
        (("gemini-cli-robot", "gemini-cli-robot@google.com"), "automation", "gemini-cli-robot"),
        (("ellipsis-dev[bot]", "65095814+ellipsis-dev[bot]@users.noreply.github.com"), "ai-declared", "Ellipsis"),
        (("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"), "automation", "Dependabot"),
        (("Mend Renovate", "bot@renovateapp.com"), "automation", "Renovate"),
    ],
)
def test_an_author_is_told_by_number_or_address(author: tuple[str, str], grade: str, tool: str) -> None:
    told_by = told(author=author, committer=GITHUB)[0]
    assert (told_by.grade, told_by.tools) == (grade, (tool,))
    assert {(item.place, item.strength) for item in told_by.evidence} == {("author", "strong")}


@pytest.mark.parametrize(
    "author",
    [
        ("Claude", "claude@example.com"),
        ("Copilot", "copilot@example.com"),
        ("devin-ai-integration[bot]", "devin@example.com"),
        ("aider", "aider@paulg.example"),
        ("aider", "aider@aider.chat"),
        ("Jules", "161369871@example.com"),
        ("Charlie", "7+charlie@users.noreply.github.com"),
    ],
)
def test_names_tell_nothing(author: tuple[str, str]) -> None:
    assert graded(author=author) == "no-evidence"


def test_a_committer_is_a_hint_at_most() -> None:
    assert found("Fix it", author=PERSON, committer=("Kim (aider)", "kim@example.com")) == [("aider-author-suffix", "committer", "hint")]
    assert graded("Fix it", PERSON, ("Kim (aider)", "kim@example.com")) == "no-evidence"
    assert graded("Fix it", PERSON, ("Claude", "noreply@anthropic.com")) == "no-evidence"


@pytest.mark.parametrize(
    "message",
    [
        f"Fix it\n\n  {CLAUDE}",
        f"Fix it\\n\\n{CLAUDE}",
        f"Fix it\n\nWith care.\\n\\nCo-authored-by: Kim <kim@example.com>\\n{CLAUDE}",
        f"Fix it\n\n- {CLAUDE}",
        "Fix it\n\n**Co-authored-by:** Claude <noreply@anthropic.com>\n\nCloses #3",
        "Fix it\n\nCo-authored-by: Claude Opus 4.5",
        "Fix it\n\nCo-authored-by: Cursor Automation",
        "Fix it\n\nCo-authored-by: claude-sonnet:3.7-thinking",
        "Fix it\n\nCo authored by: Claude <noreply@anthropic.com>",
        "Fix it\n\nCoauthored-by: Claude <noreply@anthropic.com>",
        "Fix it\n\nCo-authored-by: openhands openhands@all-hands.dev",
        "Fix it\n\nCo-Authored-By: Claude mailto:noreply@anthropic.com",
        "Fix it\n\nCo-authored-by: Claude &lt;noreply@anthropic.com&gt;",
        f"Fix it\n\n{CLAUDE}\n\nThis paragraph was added by hand, and another follows.\n\nSo it does.",
    ],
)
def test_a_malformed_trailer_declares_with_less_strength(message: str) -> None:
    told_by = told(message)[0]
    assert told_by.grade == "ai-declared"
    assert [(item.place, item.strength) for item in told_by.evidence] == [("malformed-trailer", "hint")]


def test_a_declaration_in_a_sentence_names_no_tool() -> None:
    told_by = told("Fix it\n\nAssisted-by: This contribution was prepared with the assistance of an AI development tool.")[0]
    assert (told_by.grade, told_by.tools) == ("ai-declared", ())


def test_every_message_of_a_squash_has_its_own_end() -> None:
    first, second = f"* Add a bucket\n\n{FOOTER}", "* Encrypt it\n\nWith a key."
    message = f"Add a bucket (#12)\n\n{first}\n\n{second}\n\n---------\n\nCo-authored-by: Kim <kim@example.com>"
    assert found(message) == [("claude-code-footer", "marker", "strong")]


@pytest.mark.parametrize(
    "footer",
    [
        FOOTER,
        "Generated with Claude Code",
        "🐙 Generated with [Claude Code](https://claude.ai/code)",
        "🤖 Generated with https://claude.ai/code",
        "<sub>🤖 *Generated with [Claude Code](https://claude.ai/code)*</sub>",
        "🤖 Generated with [Claude Code](https://claude.com/claude-code) via [Happy](https://happy.engineering)",
        "💘 Generated with Crush",
        "🤖 Generated with opencode",
        "Generated with [Continue](https://continue.dev)",
        "Generated with Continue(https://continue.dev)",
        "🤖 Generated with [Firebender](https://firebender.com)",
        "Generated with [Devin](https://cli.devin.ai/docs)",
        "https://claude.ai/code/session_01N3Jh4xPhdu9142QxFGmz1b",
        "AI usage: I let Amp write the tests.",
        "Disclosure: This commit was made with the assistance of AI",
    ],
)
def test_a_footer_declares_at_the_end_and_hints_elsewhere(footer: str) -> None:
    assert graded(f"Fix it\n\nIt was broken.\n\n{footer}") == "ai-declared"
    assert graded(f"Fix it\n\n{footer}\n\nThe line above is what we take out of messages.\n\nIt is in the way.") == "no-evidence"


@pytest.mark.parametrize(
    "text",
    [
        "Use Claude Code, Copilot and Cursor in the example",
        "The module was generated with Claude Code templates in mind",
        "Bumps anthropics/claude-code-action from 1 to 2",
        "Move the cursor to the end of the line",
        "Continue to generate with the old provider",
        "Generated with terraform-docs",
        "AI usage: none",
        "1. Dashboard: fewer cards\n2. AI Assistant: simplified session stats bar",
        "- ai-assistant: 90% → 94% (17/18, was understated)",
        "AI Assistant: works with Claude Code",
        "Disclosure: no AI was used",
        "`Co-Authored-By: Claude <noreply@anthropic.com>`",
        "Adds `\\n\\nCo-Authored-By: Claude <noreply@anthropic.com>` to the message",
        "Never write Co-Authored-By: Claude <noreply@anthropic.com> again",
        "We add this line:\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n\nIt stands in every message\n\nand nobody reads it.",
    ],
)
def test_speaking_of_a_tool_is_no_evidence(text: str) -> None:
    assert graded(f"Update the documentation\n\n{text}") == "no-evidence"


@pytest.mark.parametrize(
    ("before", "after"),
    [("> ", ""), ("```\n", "\n```"), ("~~~text\n", "\n~~~"), ("<!-- ", " -->"), ("<!--\n", "\n-->"), ("<pre>", "</pre>")],
)
def test_what_is_quoted_fenced_or_commented_out_is_not_read(before: str, after: str) -> None:
    assert graded(f"Fix it\n\n{before}{CLAUDE}{after}") == "no-evidence"
    assert graded(f"Fix it\n\n{before}{FOOTER}{after}") == "no-evidence"


def test_what_is_never_closed_hides_nothing() -> None:
    assert graded(f"Fix it\n\n```\nterraform plan\n\n{CLAUDE}") == "ai-declared"
    assert graded(f"Fix <!-- it\n\n{CLAUDE}") == "ai-declared"


def test_a_suggestion_that_was_accepted_is_partial() -> None:
    gemini = "Co-authored-by: gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>"
    autofix = "Co-authored-by: Copilot Autofix powered by AI <175728472+Copilot@users.noreply.github.com>"
    assert graded(f"Update main.tf\n\n{gemini}") == "ai-partial"
    assert graded(f"Update main.tf\n\n{autofix}") == "ai-partial"
    told_by = told(f"Update main.tf\n\n{gemini}\n{CLAUDE}")[0]
    assert (told_by.grade, told_by.tools) == ("ai-declared", ("Claude Code", "Gemini Code Assist"))


def test_an_automation_goes_before_what_stands_beside_it() -> None:
    author = ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
    told_by = told(f"Bump x\n\n{CLAUDE}", author)[0]
    assert (told_by.grade, told_by.tools) == ("automation", ("Dependabot", "Claude Code"))
    assert [item.rule for item in told_by.evidence] == ["dependabot", "claude-code-address"]


def test_an_app_that_is_not_listed_is_automation_unless_a_tool_is_declared() -> None:
    author = ("fixer[bot]", "12345678+acme-fixer[bot]@users.noreply.github.com")
    told_by, remarks = told("Fix it", author)
    assert told_by.grade == "automation"
    assert [(remark.key, remark.text) for remark in remarks] == [("unknown-account", author[1])]
    assert graded(f"Fix it\n\n{CLAUDE}", author) == "ai-declared"


def test_what_the_table_lacks_is_said() -> None:
    app = "Co-authored-by: n <1+nimbus[bot]@users.noreply.github.com>"
    remarks = told(f"Fix it\n\nNimbus-Session: 42\nAssisted-by: Nimbus:nimbus-2\n{app}")[1]
    assert [(remark.key, remark.text) for remark in remarks] == [
        ("unknown-session", "Nimbus-Session: 42"),
        ("unknown-agent", "Assisted-by: Nimbus:nimbus-2"),
        ("unknown-account", "1+nimbus[bot]@users.noreply.github.com"),
    ]
    assert told("Fix it\n\nReplit-Commit-Session-Id: 42\nClaude-Session: https://claude.ai/code/session_1")[1] == ()


def test_a_message_that_is_longer_than_is_read_is_read_from_its_end() -> None:
    told_by, remarks = told("x " * 40_000 + f"\n\n{CLAUDE}")
    assert told_by.grade == "ai-declared"
    assert [remark.key for remark in remarks] == ["cut"]


@pytest.mark.parametrize(
    "address",
    [
        "bot@acme.example",
        "svc-excavator-bot@acme.example",
        "7+acme-robot@users.noreply.github.com",
        "changelogbot@acme.example",
        "githubbot@acme.example",
        "ci@acme.example",
        "renovate@acme.example",
        "terraform-acctest+bot@acme.example",
        "noreply@argoproj.io",
    ],
)
def test_an_address_of_a_service_account_is_automation_unless_a_tool_is_declared(address: str) -> None:
    author = ("Ian", address)
    assert found("Update the table", author=author) == [("unlisted-automation-address", "author", "hint")]
    assert graded("Update the table", author) == "automation"
    assert graded(f"Update the table\n\n{CLAUDE}", author) == "ai-declared"


@pytest.mark.parametrize("name", ["abbot", "talbot", "lucia", "travis", "marci", "botond", "action.jackson"])
def test_a_name_that_only_looks_like_a_bots_is_a_persons(name: str) -> None:
    assert graded("Fix it", ("Ian", f"{name}@acme.example")) == "no-evidence"
