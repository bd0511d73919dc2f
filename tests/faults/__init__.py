"""Visnyk killed at random moments, again and again, while the platform misbehaves: what did every phone get?

`make faults KILLS=1000` prints the table. `SEED=…` plays the same kills, articles and faults again, as far as chance is
ours: what the operating system does in between is not.
"""
