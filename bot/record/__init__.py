"""The public record: what was published, corrected and taken back, in a list that anybody can check without us.

Entries are leaves of a Merkle tree (RFC 6962), served as static files (https://c2sp.org/tlog-tiles) under a signed
checkpoint (https://c2sp.org/tlog-checkpoint). Nothing here knows the store, a platform or the network.
"""
