{{ band_candidates() }}
