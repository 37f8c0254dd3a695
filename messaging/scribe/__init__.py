"""
A process of its own that stores what sockets write, beside the one that serves them.

Storing a message and taking one in cost about the same, and within one process they take turns: the interpreter runs
one thread at a time, and both are twice as slow for it. So the messages and marks of many sockets go to the scribe as
one batch over a pair of sockets, and its answers come back as the texts that go out. It is an aid and no part of the
promise: while it starts, when it dies or stands still, the same work is done by a thread of the serving process
(`messaging.together`), which finds by the `client_id` what had been stored before.
"""
