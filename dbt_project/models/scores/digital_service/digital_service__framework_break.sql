{{ framework_break(predecessor='internet_service') }}
