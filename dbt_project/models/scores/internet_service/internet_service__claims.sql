{{ claims() }}
