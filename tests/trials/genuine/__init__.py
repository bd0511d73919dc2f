"""Altered texts against what was published: nothing altered is called ours, and what is ours is found and called so."""
