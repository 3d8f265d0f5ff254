# A client's home.

home = Hello { $name }
home-to-do = To do
home-all-actions = All actions
home-nothing = Nothing to do
    .text = What you and { $name } agree on stands here, to tick off.
home-new = New from { $name }
home-welcome = Welcome
home-welcome-from = A word from { $name }
home-not-yet = Your shared space is on its way. It opens as soon as this device has fetched it.
home-waiting = { $count ->
    [one] { $count } older item appears when { $name } is next online.
   *[other] { $count } older items appear when { $name } is next online.
}
home-verified = Verified: you compared words with { $name }.
home-scanned = Verified: you scanned the code on each other’s screen with { $name }.
home-linked = Verified: the link carried { $name }’s keys, and { $name }’s device has confirmed yours. Compare six words when you next speak, and you are sure of the link, too.
home-unverified = You joined by { $name }’s link. { $name }’s device confirms it when it is next online. Older items appear then.
home-compare = Compare words
home-who = Who can read this
fresh-note = Note: { $title }
fresh-note-changed = Changed: { $title }
fresh-file = File: { $name }
fresh-messages = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
