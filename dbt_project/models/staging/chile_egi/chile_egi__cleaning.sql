{{ cleaning(['websites']) }}
