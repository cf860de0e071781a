{{ points_in_columns('components', ['osi', 'hci', 'tii']) }}
