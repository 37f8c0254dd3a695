"""The forms of the resident's and the volunteer's pages."""
