"""GovIndex: from the raw files of an evaluation of governments to published, traceable scores."""
