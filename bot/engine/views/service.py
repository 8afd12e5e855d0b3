"""Which service of a cloud a resource type belongs to: the words that the provider's names of types begin with.

Several types of one service begin differently (`aws_vpc`, `aws_subnet`), and one word may stand for several services (`azurerm_data_…`);
of these two words are taken. What belongs together by its name is told by `are_related`.
"""

from __future__ import annotations

from collections.abc import Mapping

CLOUDS = ("aws", "azurerm", "google")
_AZURE = """
    active advanced ai api app application arc bot cognitive communication container cost custom data database dev digital elastic extended
    healthcare integration iot key lab local log logic machine managed mobile mongo network palo private service static stream virtual voice
    web
"""
_GOOGLE = """
    access active agent agentic app backup binary cloud contact data database developer discovery document identity migration model network
    public resource secure service vector vertex
"""
# Words that say too little alone.
WIDE: Mapping[str, frozenset[str]] = {
    "aws": frozenset({"media"}),
    "azurerm": frozenset(_AZURE.split()),
    "google": frozenset(_GOOGLE.split()),
}
RENAMED: Mapping[str, str] = {"apigatewayv2": "api", "db": "rds", "alb": "lb", "elb": "lb", "sfn": "states"}
LEAST = 3  # letters that say something


def service_of(type_name: str) -> tuple[str, str] | None:
    """The cloud and the service (`aws`, `sagemaker`); None for what belongs to no cloud that is told apart here."""
    cloud, _, rest = type_name.partition("_")
    if cloud not in CLOUDS or not rest:
        return None
    words = rest.split("_")
    word = RENAMED.get(words[0], words[0])
    return cloud, "_".join(words[:2]) if word in WIDE[cloud] else word


def are_related(one: str, other: str) -> bool:
    """Whether one is the other, a part or a later version of it: `bedrock` and `bedrockagent`, `waf` and `wafv2`."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= LEAST and long.startswith(short))
