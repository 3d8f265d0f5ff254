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
home-unverified = You joined by { $name }’s link. When you next speak, compare six words: then you know that nobody sits in between.
home-compare = Compare words
home-who = Who can read this
fresh-note = Note: { $title }
fresh-note-changed = Changed: { $title }
fresh-file = File: { $name }
fresh-messages = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
