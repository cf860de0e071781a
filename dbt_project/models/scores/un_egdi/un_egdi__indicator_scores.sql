{{ indicator_scores() }}
