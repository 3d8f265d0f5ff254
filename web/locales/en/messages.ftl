# Messages: one stream per relationship.

messages = Messages
messages-with = Messages with { $name }
messages-only = Only you and { $names } can read this
messages-day-zone = { $day } · times in { $zone }
messages-new = New
messages-none = No messages yet
    .text = Write the first one to { $name }. It is locked on this device before it leaves it.
messages-nobody = Nobody to write to yet
    .text = A conversation begins once a client has joined.
    .act = Go to clients
messages-not-yet = Your coach’s space is on its way
    .text = It appears here as soon as this device has fetched it.
messages-you-wrote = You: { $words }
messages-unread = { $count } new
messages-about = Comments
messages-closed = This space is closed. You can read it, but not write in it.
messages-supervisor = You supervise here: you read, and write nothing.
messages-stopped = Writing is stopped here until a warning is cleared. Look at who can read this.
message-to = Message to { $name }
message-send = Send
message-again = Try again
message-by = { $name } wrote:
message-by-you = You wrote:
message-on = On “{ $title }”
message-on-gone = On something that is no longer here
message-on-remove = Not about this
