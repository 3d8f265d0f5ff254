# Words that all pages of daily work share: places, who can read, what is sent, and what is wrong.

work-opening = Opening what is yours

place-today = Today
place-clients = Clients
place-messages = Messages
place-people = People
place-settings = Settings
place-home = Home
place-notes = Notes
place-space = My space

audience-you = You
audience-only = Only you
audience-until-shared = Only you until shared
audience-invited = You, and { $name } once joined
audience-cover = { $name } (cover until { $day })
audience-supervisor = { $name } (supervisor until { $day })
audience-link = You, and whoever holds the invite

sending-sent = Sent
sending-waiting = Waiting to be sent
sending-now = Sending
sending-refused = Not sent

offline = You are offline.
    .text = Read and write as usual: it is kept on this device and sent when the connection is back.
unanswered = The practice does not answer.
    .text = Read and write as usual: it is kept on this device and sent when it answers again. If it was restarted, it may wait to be opened by whoever runs the server.
unanswered-unseal = Look whether it is sealed
sealed = The practice is sealed.
    .text = Nothing is lost. Go on as usual: what you write is kept on this device and sent once whoever runs the server has opened it.
outbox-waiting = { $count ->
    [one] { $count } item is waiting to be sent
   *[other] { $count } items are waiting to be sent
}
outbox-refused = { $count ->
    [one] { $count } item was not taken by the practice.
   *[other] { $count } items were not taken by the practice.
}
outbox-see = See why
read-only = You can read, but not write, until the warning is cleared.

alarm-compare = Compare words
alarm-sync = Check again
alarm-restore = Confirm the restore
alarm-seen = I have seen it
