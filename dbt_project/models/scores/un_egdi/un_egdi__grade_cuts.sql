{{ grade_cuts(searched=false) }}
