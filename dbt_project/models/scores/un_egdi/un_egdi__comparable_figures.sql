{{ comparable_figures() }}
