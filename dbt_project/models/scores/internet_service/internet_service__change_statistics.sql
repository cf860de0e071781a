{{ change_statistics() }}
