"""The readers: who reads us, and what they choose."""
