{{ cleaning(['samples', 'manual', 'verification']) }}
