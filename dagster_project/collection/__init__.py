"""From raw files to landed tables: fetch, manifest, readers, corrections, gate, landing."""
