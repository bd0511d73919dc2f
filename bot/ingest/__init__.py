"""Intake from outside: what stands at addresses is fetched, read and made into articles."""
