"""What several tests share: people, phones, processes, and what the phones showed."""
