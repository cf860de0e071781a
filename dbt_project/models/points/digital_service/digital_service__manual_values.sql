{{ manual_values() }}
