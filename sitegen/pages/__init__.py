"""Every page that a site has, planned as a stream."""
