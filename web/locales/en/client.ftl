# One client: the head, the overview, the state of joining, open data.

client-gone = This client is not here
    .text = The link may be for another practice, or this device has not fetched it yet.
client-time = { $zone }, where it is { $time }
client-invite = Invite
tab-overview = Overview
tab-notes = Notes
tab-actions = Actions
tab-messages = Messages
tab-files = Files
tab-access = Access
overview-note = Last note
overview-no-note = No note yet
    .text = Write the first one. It is yours alone until you share it.
    .act = Write a note
overview-empty-note = Nothing written yet.
overview-open-note = Open note
overview-actions = Open actions
overview-no-actions = Nothing to do at present.
overview-all-actions = All actions
overview-activity = Recent activity
join-added = { $name } is not invited yet
    .text = You can write notes already. { $name } sees nothing until invited.
    .act = Make the link
join-invited = { $name } has not joined yet
    .text = The link works once, until { $when }. What you share meanwhile can be read by whoever opens it.
    .act = Show the link
join-joined = { $name } joined by your link
    .text = This device is checking the join. What you shared before opens for { $name } once it is checked.
join-unopened = { $count ->
    [one] { $count } item cannot be opened here yet
   *[other] { $count } items cannot be opened here yet
}
    .text = The key for it comes when another member’s device is next online.
note-all = Notes of { $name }
open-data = Name and e-mail
    .text = Not locked: the practice and its server see these.
open-data-name = Name
    .missing = Write a name.
open-data-email = E-mail
open-data-save = Save
open-data-saved = Saved.
