"""Helpers of several tests: people, phones, processes, and what the phones showed."""
