"""What a change would do to published editions, without doing it: compute aside, compare, show."""
