"""What the trainer can be asked to do."""
