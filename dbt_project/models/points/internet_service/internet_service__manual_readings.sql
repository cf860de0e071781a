{{ manual_readings() }}
