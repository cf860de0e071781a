{{ score_statistics() }}
