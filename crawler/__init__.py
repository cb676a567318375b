"""The wire: finding, fetching, extracting and judging coverage."""
