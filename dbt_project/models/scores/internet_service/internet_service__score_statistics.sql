{{ score_statistics(graded=true, rate_of='printed_mean') }}
