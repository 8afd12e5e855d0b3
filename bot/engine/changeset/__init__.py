"""What changed between two trees, and which lines of the diff a comment may stand on."""
