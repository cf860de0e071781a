"""From the warehouse to published files: tables, workbook, conformance, revisions."""
