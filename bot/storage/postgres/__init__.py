"""PostgreSQL as an engine of the store."""
