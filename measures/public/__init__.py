"""What of a workshop may be published, and nothing else."""
