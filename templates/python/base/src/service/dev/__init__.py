"""What a machine for development needs: nothing of it is in the image."""
