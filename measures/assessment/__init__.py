"""What the administration itself holds of the measures, beside what the room rated."""
