"""Answers of people: what a comment asks for, who may give it, what it is bound to, and which of the recorded ones still hold."""
