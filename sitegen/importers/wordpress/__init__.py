"""Exports of WordPress: read as a stream, each post and page an article."""
