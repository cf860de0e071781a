{{ assessed_regions('un_egdi__countries') }}
