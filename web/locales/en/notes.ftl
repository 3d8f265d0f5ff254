# Session notes and private notes: writing, sharing, reading, versions.

notes = Notes
notes-none = No notes yet
    .text = A note is yours alone until you share it. A private note is never shared.
    .read = What { $name } shares with you after a session appears here, to read again whenever you like.
notes-new = New note
notes-new-private = Private note
note-session = Session note
    .placeholder = What stood out? What did you agree?
note-private = Private note
    .placeholder = For your eyes only
    .never = Never part of what you share.
note-shared-kind = Note to share
note-title = Title
    .placeholder = Title
note-day = Session on
note-text = Note
note-of = Note of { $day }
note-private-of = Private note of { $day }
note-whose = { $name } — { $title }
note-is-private = Private · { $when }
note-is-draft = Draft · { $when }
note-is-shared = Shared · { $when }
note-is-changed = Changed since it was shared · { $when }
note-conflict-chip = Two versions
note-history = Versions
note-print = Print
note-edit = Edit
note-finish = Done
note-delete = Delete
note-keep = Keep it
note-delete-ask = Delete this note?
    .text = It goes away on all your devices and cannot be brought back.
    .shared = Your own note goes away and cannot be brought back. What you shared stays until you take it back.
note-deleted = The note is deleted.
note-missing = This note is not here
    .text = It was deleted, or it has not reached this device yet.
    .act = All notes
note-signed = Written by { $name } · { $when }.
note-changed = { $count ->
    [one] Changed once since.
   *[other] Changed { $count } times since.
}
note-take-back = Take it back
note-take-back-ask = Take this note back from { $name }?
    .text = It goes away in { $name }’s Alcove. What was read before cannot be unread. Your own note stays.
note-taken-back = { $name } no longer sees the note.

saved-empty = Nothing written yet
saved-typing = Saving
saved-device = Saved on this device { $time }
saved-device-offline = Saved on this device { $time }, waiting to be sent
saved-sent = Saved and sent { $time }
saved-sent-before = Saved and sent

share = Share with { $name }
share-again = Share the changes with { $name }
share-who = These people will be able to read it:
share-verified = Verified: you compared words
share-by-link = Joined by your link, words not compared yet
share-invited = Once joined by the open invite
share-nobody = Nobody yet: there is no open invite
share-invite-open = An open invite can also read it.
share-copy = A copy is locked for { $name }. Your own note stays yours, and what you change later stays yours until you share again.
share-not-yet = Not yet
share-done = Shared with { $name }.
share-stopped = Nothing can be shared here at present
    .text = A warning about this client stops writing. Look at Access for what it is. Your note is kept.
shared-version = What { $name } reads
    .older = An older version than yours
    .same = The same text
    .at = Shared · { $when }

conflict = Two devices changed this note
    .text = The other change: { $when }. Nothing is lost: keep one, or keep both as two notes.
conflict-mine = On this device
conflict-theirs = From another device, by { $name }
conflict-keep-mine = Keep this one
conflict-keep-theirs = Keep this one instead
conflict-both = Keep both
conflict-kept-mine = The version of this device is kept.
conflict-kept-theirs = The other version is kept.
conflict-kept-both = Both are kept, as two notes.

history = Versions
    .lead = As they were signed, newest first. Versions are never rewritten.
history-now = Now
history-version = Version { $number }
history-show = Show

toolbar = Formatting
tool-bold = Bold
tool-italic = Italic
tool-heading = Heading
tool-list = List
tool-numbers = Numbered list
tool-quote = Quote
tool-link = Link
tool-undo = Undo
tool-redo = Redo
link-address = Address
    .hint = A page, a mail address or a phone number. Readers have to press it; nothing opens by itself.
    .wrong = This is no address. Write it like example.org or ana@example.org.
link-set = Set the link
link-remove = Remove the link
notes-your-coach = your coach
note-back = Back to the note
