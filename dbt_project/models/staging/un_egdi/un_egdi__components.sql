{{ collected_columns('components', {
    'osi': 'double', 'hci': 'double', 'tii': 'double',
    'published_index': 'double', 'published_rank': 'double',
}) }}
