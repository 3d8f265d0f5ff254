# The coach's day.

greeting-morning = Good morning, { $name }
greeting-afternoon = Good afternoon, { $name }
greeting-evening = Good evening, { $name }
today-date = { $day } · { $zone }
today-notes = Notes to finish
today-no-notes = Every note is finished
    .text = Drafts and changes that are not shared yet stand here.
today-no-clients = Your practice is ready
    .text = Add your first client. A first name is enough.
today-add-client = Add a client
today-since = Since { $day }
today-since-ever = What clients did
today-quiet = Nothing new
    .text = What your clients do, write and send stands here.
new = New
new-client = Another client
new-note = Note about { $name }
attention = Needs attention
attention-refused = { $count ->
    [one] { $count } item was not taken by the practice
   *[other] { $count } items were not taken by the practice
}
    .text = See why, and try again or copy it.
attention-conflict = { $name } — { $title }
    .text = Two devices changed this note. Choose a version.
attention-file-recovered = The practice’s file was damaged and repaired
    .text = That was on { $day }, at a start of the server. After a power failure it can happen; otherwise have the disk checked. Nothing that was acknowledged is known to be lost.
attention-file-reopened = The server’s disk failed for a moment
    .text = That was last on { $day }. The practice went on by itself; have the disk checked, and make a backup.
attention-check-found = { $count ->
    [one] The check of the practice’s data found one thing wrong
   *[other] The check of the practice’s data found { $count } things wrong
}
    .text = That was on { $day }. The practice goes on, and nothing was changed. Keep every backup until this has been looked at.
    .what = What was found
    .more = { $count ->
        [one] and one more
       *[other] and { $count } more
    }
    .next = Whoever runs the server looks closer with
attention-joined = { $name } has joined
    .text = This device is checking the join.
first-steps = Set up your practice
    .done = { $done } of { $total } done
first-kits = Save and prove your kits
first-backup = Make the first backup
    .how = On the server’s machine, this one command makes it and restores it as a test:
    .unproved = A backup was made, but its test restore did not succeed. Make another:
    .where = DIR is a folder on another disk. This is ticked by itself once it is proved.
    .done = First backup made and proved, { $day }
first-client = Add your first client
first-joined = Your first client has joined
first-verified = Compare words with your first client
first-step-done = Done
first-step-open = To do
happened-message = { $name } wrote a message
happened-file = { $name } sent { $file }
happened-action = { $name } finished “{ $action }”
