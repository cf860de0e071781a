{{ collected_samples() }}
