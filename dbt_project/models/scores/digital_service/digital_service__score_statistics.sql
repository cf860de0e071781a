{{ score_statistics(graded=true) }}
