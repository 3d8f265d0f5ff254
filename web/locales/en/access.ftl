# Who can read what, how people are verified, and taking access away.

access = Access
reads = Who can read what
reads-own = Drafts and private notes
reads-notes = Shared notes
reads-messages = Messages
reads-actions = Actions: titles and details
reads-files = Files
reads-open = Not locked
    .text = Names, e-mail, due dates and done marks, who wrote when and how much. The practice and its server see these.
people = People
people-you = { $name } (you)
people-verified = Verified
people-unverified = Not confirmed yet
people-changed = Keys changed
how-founder = Began this space
how-joined = Let in by a member
how-link = By the invite link, confirmed by a member’s device
how-words = Words compared
how-qr = Code scanned face to face
how-changed = Uses other keys than before. Compare words before you go on.
compare = Compare words
compare-with = Compare words with { $name }
compare-how = Meet { $name } or call on a number you know. Both of you open this, and one reads the words out.
compare-words = The six words
compare-not-here = Do not compare them by a message in Alcove: whoever reads along could answer.
compare-same = The words are the same
compare-not-same = They are different
compare-done = { $name } is verified.
compare-close = Close
compare-different = The words are different.
    .text = Somebody may be reading along, or one of you uses other keys than before. { $name } stays unverified on this device.
    .next = Write nothing that must stay between you. Call { $name }, and compare again after both have loaded Alcove afresh. If the words still differ, take the access away and make a new invite.
remove-access = Remove access
remove-keep = Keep it
remove-ask = Remove access for { $name }?
    .text = New keys are made for everybody else at once. { $name } can read nothing that is written afterwards. This cannot be undone: to come back, { $name } needs a new invite.
    .kept = What { $name } has read or saved before stays with { $name }.
remove-type = Type “{ $name }” to go on
    .wrong = Type the name { $name }.
remove-done = { $name } no longer has access.
access-checked = Checked by this device itself. Nobody joins unseen.
access-waiting = { $count ->
    [one] { $count } older item opens when a device of { $name } is next online.
   *[other] { $count } older items open when a device of { $name } is next online.
}
