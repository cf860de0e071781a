{{ cleaning(['components']) }}
