"""The quarter worker's desk ("Büro"): queues, cases, people, rounds, settings and numbers."""
