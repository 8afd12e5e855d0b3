"""The closed set of predicates that a rule may name."""
