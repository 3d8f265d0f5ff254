# Session mode.

session = Session
session-begin = Begin session
session-end = End session
session-left = { $minutes ->
    [one] { $minutes } minute left
   *[other] { $minutes } minutes left
}
session-over = { $minutes ->
    [one] { $minutes } minute over
   *[other] { $minutes } minutes over
}
session-progress = How much of the hour has passed
session-actions = Last actions
session-share = Share when done
session-share-later = { $name } sees nothing until you share.
