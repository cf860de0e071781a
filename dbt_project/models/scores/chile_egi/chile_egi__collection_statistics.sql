{{ collection_statistics() }}
