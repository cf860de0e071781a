{{ statistics() }}
