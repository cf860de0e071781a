{{ collected_answers('verification') }}
