{{ indicator_tree_table() }}
