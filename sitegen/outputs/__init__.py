"""What a build made: fingerprints, record, files, manifest."""
