{{ point_values() }}
