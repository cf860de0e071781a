"""What SQL cannot do well, from the warehouse's scores to tables of its own."""
