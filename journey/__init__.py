"""The main job from the command line: separate HTTP clients take real items through a temporary federation."""
