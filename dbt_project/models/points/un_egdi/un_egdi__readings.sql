{{ readings_in_columns(
    'components', ['osi', 'hci', 'tii'],
    zh='调查刊印的数值', en='the value that the survey printed',
) }}
