{{ rankings(graded=true) }}
