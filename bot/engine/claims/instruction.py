"""Text that tells a reviewer or a tool what to conclude, and text that hides. It is shown, and obeyed by nothing.

Nothing here decides anything: what is not recognised has no more effect than what is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.engine.claims.hearing import INSTRUCTS
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.pattern import Pattern

_TOOL = (
    r"(?:reviewers?|countersign|"
    r"(?:code|security|policy)[ -]review[ -](?:bots?|agents?|tools?|assistants?)|"
    r"(?:ai|automated|code|security|policy)[ -](?:reviewers?|bots?|agents?|assistants?|tools?|scanners?|checkers?)|"
    r"bots?|assistants?|llms?|language models?|copilot|claude|chatgpt|gpt(?:-?\d\w*)?|gemini|"
    r"agents?|scanners?|linters?|auditors?|review tools?|tools?|ai|models?)"
)
_DO = (
    r"(?:approve|accept|skip|ignore|pass|allow|merge|whitelist|allowlist|waive|disregard|bypass|suppress|mark|treat|report|say|output|respond|"
    r"reply|return|conclude|consider|set|answer|stop|disable|trust|exempt|(?:do not|don't|never|please do not)\s+\w+)"
)
_CHECK = r"(?:review|check|verify|scan|flag|audit|inspect|question|report|block|comment on|look at|analy[sz]e|evaluate|validate)"
_DONE = r"(?:verified|validated|checked|audited|reviewed|approved|vetted|scanned|cleared)"
_TELLS = (
    (
        rf"(?:^|[.!?*>(\"'`]\s*|\b(?:dear|note to|attention|hey|to (?:the|any|all|every))\s+|@){_TOOL}\s*[:,;!\u2014]\s*(?:please\s+|"
        rf"you (?:must|should|may|can)\s+|kindly\s+)?{_DO}\b"
    ),
    rf"\b{_TOOL}\s+(?:must|should|shall|has to|have to|can safely|may safely|is to|are to)\s+{_DO}\b",
    (
        r"\b(?:ignore|disregard|forget|override|drop)\s+(?:all\s+|any\s+|the\s+|your\s+|of\s+|every\s+)*(?:(?:previous|prior|"
        r"above|earlier|preceding|existing|other|system|original|security|policy|review|following)\s+)+(?:instructions?|rules?|"
        r"prompts?|findings?|warnings?|polic(?:y|ies)|checks?|messages?|context|directions?|guidelines?|violations?|results?|"
        r"alerts?)\b"
    ),
    (
        rf"\b(?:no|without)\s+(?:further\s+|additional\s+|more\s+)?(?:need|reason|necessity)\s+(?:to|"
        rf"for)\s+(?:\w+\s+)?{_CHECK}\w*\b"
    ),
    (
        rf"\b{_DONE}\b.{{0,60}}\b(?:no (?:further|additional|more) (?:review|check|scan|question|look)|"
        rf"no need to (?:review|check|verify|scan|look|question)|"
        rf"need not be (?:reviewed|checked)|(?:review|check)\w* (?:is |are )?(?:not necessary|unnecessary)|"
        rf"skip (?:the |this )?(?:review|check)|safe to (?:skip|ignore))"
    ),
    (
        rf"\b(?:do not|don't|never|must not|should not|need not)\s+(?:re-?)?{_CHECK}\s+(?:this|these|it|on|any|the (?:following|"
        rf"change|file|code|resource|below|rest))\b"
    ),
    (
        r"\b(?:mark|treat|classify|consider|report|rate|label)\s+(?:this|these|it|the \w+|all|everything|"
        r"any \w+)(?:\s+\w+){0,3}\s+as\s+(?:a\s+)?(?:safe|compliant|approved|passing|passed|clean|reviewed|verified|trusted|"
        r"false positives?|low risk|informational|not applicable|exempt|resolved)\b"
    ),
    (
        r"\b(?:the\s+)?(?:verdict|conclusion|review result)\W{0,2}\s*(?:[:=]|must be|should be|is to be)\s*[\x22'`]?(?:clean|"
        r"success|pass(?:ed)?|approved?|ok|compliant|safe|green|neutral)\b"
    ),
    (
        r"\b(?:respond|reply|answer|output|print|return)\s+(?:only\s+)?(?:with|only|exactly)\b.{0,40}\b(?:approved?|lgtm|"
        r"pass(?:ed)?|clean|success|ok|safe|no (?:issues|violations|findings))\b"
    ),
    (
        r"\byou\s+are\s+no longer\s+(?:bound|required|restricted|allowed)\b|"
        r"\byou\s+are\s+(?:now|no longer)\s+(?:a|an|in|the|bound)?\s*(?:\w+\s+){0,4}(?:mode|assistant|reviewer|model|agent|ai|bot|"
        r"auditor|admin\w*)\b"
    ),
    (
        r"</?(?:system|assistant|instructions?|tool_result|function_results?)>|\[/?(?:INST|SYSTEM)\]|<\|\w+\|>|"
        r"#{2,}\s*(?:system|instruction)s?\s*:|\bBEGIN (?:SYSTEM|INSTRUCTIONS?)\b|^(?:system|assistant)\s*:"
    ),
    (
        r"\bcountersign\s*[:=-]+\s*(?:skip|ignore|off|disabled?|allow|pass|approved?|clean|ok|waived?|exempt|no-?check|trust|"
        r"decided|nocheck|accept(?:ed)?)\b"
    ),
    (
        r"\bcountersign\b.{0,40}\b(?:passed|approved|verified|is clean|has approved|found no|reports? (?:no|0)|0 violations|"
        r"no violations|decided|accepted)\b"
    ),
    (
        r"\b(?:ignore|disregard)\s+(?:all\s+|any\s+|the\s+|these\s+)*(?:findings?|warnings?|violations?|results?|alerts?|rules?)\s+"
        r"(?:of|from|by)\s+(?:the\s+|this\s+|any\s+)?(?:\w+\s+){0,2}(?:review|scanner|scan|countersign|bot|tool|policy|checks?)\b"
    ),
    (
        r"\b(?:skip|bypass|disable|turn off|suppress)\s+(?:the\s+|all\s+|any\s+|this\s+|further\s+)*(?:policy|security|"
        r"compliance|automated|review|countersign)\s*(?:checks?|reviews?|scans?|rules?|evaluation)\b"
    ),
    r"\b(?:(?:please|just|simply)\s+)+(?:approve|accept|rubber-?stamp)\b",
    r"\b(?:approve|rubber-?stamp)\s+(?:this|the)\s+(?:change|pr|pull request)\b",
    (
        r"\b(?:auto-?(?:approve|merge)|approve and merge|safe to approve)\b.{0,40}\b(?:without|no)\b.{0,20}\b(?:review|check|"
        r"question)"
    ),
)
_INSTRUCTS = Pattern("|".join(f"(?:{one})" for one in _TELLS), re.IGNORECASE)
MOST = 100  # characters of a hidden comment that are repeated
_COMMAND = Pattern(r"(?:^|\s)/(?:countersign\s+\w+|approve\b|lgtm\b|waive\b|override\b)", re.IGNORECASE)
# https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing, https://trojansource.codes: what is not seen, or turns the order round.
_HIDDEN = Pattern(
    "[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]|(?<=[A-Za-z])[\u00ad\u200c\u200d\ufeff]+(?=[A-Za-z])"
)
_FILLED = Pattern("[\u00ad\u200b-\u200d\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_COMMENTS = Pattern(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def instructed(spoken: Sequence[Sentence], _: Scene) -> Iterator[Stated]:
    """What the sentences tell a reviewer or a tool, and what they hide."""
    return instructions(spoken)


def instructions(spoken: Iterable[Sentence]) -> Iterator[Stated]:
    """What each sentence tells a reviewer or a tool, and what it hides. What is quoted counts only where it is hidden."""
    for sentence in spoken:
        found = _of(sentence)
        if found is not None:
            yield found


def _of(sentence: Sentence) -> Stated | None:
    content = sentence.content
    hidden = None if content.isascii() else _HIDDEN.search(content)
    if hidden is not None:
        return _stated(sentence, "hidden-characters", f"U+{ord(hidden[0][0]):04X}")
    lowered = content.lower()
    if not any(word in lowered for word in INSTRUCTS):
        return None
    concealed = sentence.quoted and _is_concealed(sentence)
    if sentence.quoted and not concealed:
        return None
    return _told(sentence, concealed=concealed)


def _told(sentence: Sentence, *, concealed: bool) -> Stated | None:
    if concealed and "countersign" in sentence.content.lower():
        return _stated(sentence, "hidden-comment", sentence.content[:MOST])
    if (command := _COMMAND.search(sentence.content)) is not None:
        return _stated(sentence, "hidden-comment" if concealed else "command", command[0].strip())
    if (found := _INSTRUCTS.search(sentence.content)) is not None:
        return _stated(sentence, "hidden-comment" if concealed else "tells", found[0])
    return None


def _stated(sentence: Sentence, key: str, claimed: str) -> Stated:
    return Stated(sentence, "instruction", "unverifiable", claimed, key=f"instruction.{key}", fields={"what": claimed})


def _is_concealed(sentence: Sentence) -> bool:
    """Whether it stands in an HTML comment, which a rendered text does not show."""
    said = sentence.text.content
    if "<!--" not in said:
        return False
    start = " ".join(sentence.content.split())[:40]
    return any(start in " ".join(comment.split()) for comment in _COMMENTS.findall(said))


def seen(text: str) -> str:
    """The text without what is not seen."""
    return text if text.isascii() else _FILLED.sub("", text)
