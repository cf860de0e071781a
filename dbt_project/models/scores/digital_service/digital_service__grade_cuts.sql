{{ grade_cuts() }}
