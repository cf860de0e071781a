{{ report_figures(grade_table=true) }}
