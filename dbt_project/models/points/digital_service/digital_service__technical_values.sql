{{ technical_values() }}
