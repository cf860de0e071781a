{{ collected_answers('manual') }}
