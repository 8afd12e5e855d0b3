"""Words that make of an assertion something else: a condition, a wish, a memory, a denial, a word for a place."""

from __future__ import annotations

from bot.engine.claims.words import listed

# A sentence with one of these says when, what might be, what was or what somebody should do; nothing of it is held against anything.
ABSTAIN = listed("""
    should could would may might must shall can cannot will wont going consider considering considered suggest recommend recommended
    todo fixme tbd plan plans planned planning future later eventually soon temporarily temporary currently yet until unless except
    excluding if when whenever where whether while once else otherwise instead optional optionally default defaults defaulting
    was were previously formerly had been originally used before after old legacy deprecated no_longer anymore
    allow allows allowed allowing support supports supported supporting require requires required requiring need needs needed ensure
    option choose chosen possible possibly toggle configurable example examples e.g. i.e. eg ie please want wants try trying attempt
    fix fixes fixed fixing revert reverts reverted rollback workaround because since although though but however only-if or either
    maybe perhaps probably likely almost mostly partially partly some most several few certain depending depends typically usually
    normally generally mode-of non-production staging dev test tests testing demo prod production sandbox ephemeral
    why how what which? who
    """)
NEGATORS = frozenset({"not", "no", "never", "without", "none", "neither", "nor", "nothing", "lacks", "missing", "isnt"})
# Words for a part of an organisation's estate: whoever says so in a message speaks of what lies there.
PLACES = listed("staging dev test prod production sandbox demo development")
