"""Git in memory: objects with git's own ids, history, line diffs and merges. No process is started."""

from bot.standin.git.history import ancestors, between, merge_base
from bot.standin.git.merging import merge_trees
from bot.standin.git.objects import Commit, Entry, ObjectStore, Person
from bot.standin.git.patch import FileChange, changes, compare_blobs
from bot.standin.git.trees import edit_tree, flatten, lookup

__all__ = [
    "Commit",
    "Entry",
    "FileChange",
    "ObjectStore",
    "Person",
    "ancestors",
    "between",
    "changes",
    "compare_blobs",
    "edit_tree",
    "flatten",
    "lookup",
    "merge_base",
    "merge_trees",
]
