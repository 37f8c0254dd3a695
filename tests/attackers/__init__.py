"""What our own testers tried as the four hard people of docs/attackers.md, kept so that it stays closed."""
