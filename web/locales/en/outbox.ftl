# What waits on this device, and what was refused.

outbox = Waiting to be sent
    .lead = Kept on this device, locked, until the practice has taken it.
outbox-sync = Send now
outbox-since = Since { $when }
outbox-retry = Try again
outbox-discard = Give up
outbox-keep = Keep it
outbox-discard-ask = Give this up?
    .text = It will not be sent. Its text is shown afterwards, so that you can copy it.
outbox-rest = What was not sent
    .close = Put it away
outbox-copy = Copy
outbox-copied = Copied.
outbox-empty = Everything is sent
    .text = What you write without a connection waits here.

outbox-kind-note = Note
outbox-kind-action = Action
outbox-kind-message = Message
outbox-kind-file = File
outbox-kind-welcome = Welcome
outbox-kind-tombstone = Deletion
