"""What the office sees of the talks: reports, and that a talk stands; joined to the desk of the floor below."""
