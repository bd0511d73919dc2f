"""One adapter per platform: it formats, sends, parses and translates errors; nothing above it knows the platform."""
