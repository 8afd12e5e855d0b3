"""What an installation lacks, in the order in which to mend it. Looks only; changes nothing."""

from bot.web.examination.examine import Examined, examine
from bot.web.examination.finding import STEPS, Finding, State, Step

__all__ = ["STEPS", "Examined", "Finding", "State", "Step", "examine"]
