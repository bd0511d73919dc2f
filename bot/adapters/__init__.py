"""One adapter per platform: it formats, sends, understands and translates; nothing above it knows the platform."""
