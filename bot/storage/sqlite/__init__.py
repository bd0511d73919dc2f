"""The SQLite engine: opening, group commit, migrations, backups, and what a full disk needs."""
