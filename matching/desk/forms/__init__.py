"""The desk's forms: dense, for a worker with a phone at her ear."""
