{{ score_statistics(graded=true, rate_of='mean') }}
