"""What the image adds to a project: settings from the environment, static files, the health check. Needs no package."""
