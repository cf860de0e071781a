{{ collection_statistics(samples=true) }}
