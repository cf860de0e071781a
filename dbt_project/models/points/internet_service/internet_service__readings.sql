{{ readings() }}
