{{ rankings() }}
