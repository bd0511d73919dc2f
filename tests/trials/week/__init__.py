"""A newsroom's working week, played in the sandbox: what its desk is told, and whether that is true.

`python -m tests.trials.week [DAYS] [SEED]` plays it and prints the table beside its targets; 1 when one is missed.
`cast` has the people, `script` what befalls their articles, `house` the sandbox and its time, `record` what their
phones got, `week` what they see and mean to do, `writing`, `answering` and `affairs` what they do, `judge` what a
message is, `looks` what stands on the phones; `told`, `asked`, `screens` and `ways` make the figures of `table`.
"""
