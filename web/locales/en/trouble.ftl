# What can go wrong, by the stable name of the error or the code of the practice's answer: what happened (.detail) and what to do now (.next).
# Fetched together with the keys. The two that may be needed before that are in core.ftl.

# Ways to unlock

trouble-PasskeyWithoutPrf = This passkey cannot keep keys
    .detail = It could sign you in on this device, but not open anything.
    .next = Choose a password instead; you can add another passkey later.
trouble-PasskeyCancelled = The passkey was not used
    .detail = The window was closed, or it took too long. Nothing was changed.
    .next = Try again, or go on with a password.
trouble-PasskeyUnsupported = Passkeys do not work here
    .detail = They need a host name with a certificate that this browser trusts.
    .next = Use a password here.
trouble-NeedsKit = Your kit is needed once
    .detail = This browser does not know you yet, so the password alone cannot open your keys.
    .next = Sign in with your personal kit or a passkey once.
trouble-WrongPassword = That is not the password
    .detail = It does not open your keys.
    .next = Try again, or use your personal kit.
trouble-EmptyPassword = The password is empty
    .next = Type it, then try again.
trouble-PasswordMemory = This device has too little memory
    .detail = Checking a password needs 64 MiB of free memory.
    .next = Close other pages, or use a passkey or your kit.
trouble-PasskeyOnly = A passkey alone is not enough
    .detail = It can vanish with an account elsewhere, and your notes with it.
    .next = Keep a password or save a kit first.
trouble-NoSuchSlot = This way to unlock is not in the list
    .detail = It was removed meanwhile, or is there already.
    .next = Load the page again and look at the list.
trouble-SlotDoesNotOpen = This does not open your keys
    .detail = The password, passkey or kit belongs to somebody else, or was replaced.
    .next = Check it, or use your kit.
trouble-ProofNeeded = Confirm that it is you
    .detail = Changing the ways to unlock needs a password or passkey of the last minutes.
    .next = Confirm, and it goes on.
trouble-KeysLocked = Locked
    .detail = The keys are not in this device’s memory.
    .next = Unlock with your passkey, password or kit.
trouble-SessionLocked = Locked
    .detail = Your keys are locked. What you wrote is kept on this device.
    .next = Unlock, then go on.
trouble-SignedOut = Signed out
    .detail = What you wrote is kept on this device.
    .next = Sign in again.

# Kits

trouble-KitWrongWord = One word is different
    .detail = Word { $place } is another one on your page.
    .next = Look again at the sheet that you just printed.
trouble-KitUnknownWord = One word is not on the list
    .detail = Word { $place }, “{ $word }”, is not one of the kit’s words.
    .next = Compare it with the page.
trouble-KitWordCount = The number of words is not right
    .detail = A kit has 24 words, these are { $count }.
    .next = Compare them with the page.
trouble-KitWordsDoNotFit = The words do not fit together
    .detail = Each word exists, but one was read wrongly or two are swapped.
    .next = Compare them with the page, word by word.
trouble-KitLineBroken = The key line has a typing error
    .detail = { $flaw ->
        [start] It does not begin with AGE-SECRET-KEY-PQ-1.
        [letter] Letter { $place } after the 1 is “{ $letter }”, which never occurs.
        [length] It has { $count } letters after the 1 instead of 58.
       *[other] One of its letters was read wrongly.
    }
    .next = Compare it with the page, or type the 24 words instead.
trouble-NotAKit = This is not a kit
    .detail = { $found ->
        [public] It is a public key: that opens nothing.
        [classic] It is an age key of another kind.
       *[other] It is something else.
    }
    .next = Open the kit file, scan its code, or type its 24 words.
trouble-KitOther = This is another kit
    .detail = It is not the one that was just made.
    .next = Take the newest sheet.
trouble-KitGone = The kit is no longer in this browser
    .detail = It cannot be shown or proved again.
    .next = Make a new personal kit, and throw the old sheet away.

# Work

trouble-OutboxNotEmpty = Some changes are not sent yet
    .detail = { $waiting ->
        [one] { $waiting } change of yours waits on this device.
       *[other] { $waiting } changes of yours wait on this device.
    }
    .next = Connect and wait, or sign out and leave them here until you are back.
trouble-NotePrivate = This note stays private
    .detail = A private note is never shared.
    .next = Copy what you want to share into a new note.
trouble-NothingToShare = Nothing to share
    .detail = This note does not belong to a client.
    .next = Begin a note from the page of the client.
trouble-WritingStopped = Writing is stopped here
    .detail = There is a warning about this space or the practice. What you wrote is kept on this device.
    .next = Look at the warning first.
trouble-NotHere = This is not on this device
    .detail = It may have been deleted, or was never fetched.
    .next = Load the page again.
trouble-BodyUnreadable = Written by another version
    .detail = A newer Alcove wrote this, and this window cannot read it.
    .next = Load the page again to get the newest version.
trouble-MayNotWrite = You may not write this here
    .detail = Your part in this space does not include it.
    .next = Ask the person who keeps this space.
trouble-CodeForAnother = A code for somebody else
    .detail = The person who shows it has opened it under another name than yours.
    .next = Let them open the code under your name.

trouble-CodeOfAnother = A code of somebody else
    .detail = It belongs to nobody you share a space with.
    .next = Scan the code on their page “Who can read this”.

# Files

trouble-DeviceFull = Too little space on this device
    .detail = A file is locked on this device before it is sent, and that needs room.
    .next = Free some space, then choose it again.
trouble-NoFileStore = This browser cannot keep large files
    .detail = It gives pages no storage for files, so only files up to { $limit_mib } MiB work here.
    .next = Use another browser for this file, such as Firefox, Chrome or Safari.
trouble-FileStoreFailed = The file could not be kept in this browser
    .detail = The part that locks files stopped.
    .next = Load the page again and choose the file once more.
trouble-FileHashDiffers = This is not the file that was sent
    .detail = It differs from what its sender described, so it was not opened.
    .next = Download it again; if it stays so, ask the sender.
trouble-FileSizeDiffers = The file changed while it was read
    .detail = Another program was writing it.
    .next = Close that program and choose the file again.

# Invites

trouble-NoInvite = No invite is open
    .detail = This window does not know which invite you mean.
    .next = Open the link from your coach again.
trouble-InviteNotOpen = No open invite
    .detail = This client has none at present.
    .next = Make a new one.
trouble-InviteLinkBroken = The link is not complete
    .detail = A part of it was cut off.
    .next = Open it again from the message, or copy the whole of it.
trouble-InviteLinkAltered = The link does not fit the invite
    .detail = It was changed, or mixed with another.
    .next = Ask your coach to show it to you again.
trouble-InviterKeyMismatch = Other keys than the link names
    .detail = The keys behind this invite are not those of whoever made the link.
    .next = Do not go on; ask your coach in person.
trouble-InviteUnknown = This invite is not in the member list
    .detail = Nobody in this space made it.
    .next = Ask for a new one.
trouble-InviteExpired = The invite has expired
    .detail = It waited too long.
    .next = Ask for a new one.
trouble-InviteRevoked = The invite was withdrawn
    .detail = Your coach took it back.
    .next = Ask for a new one.
trouble-InviteUsedTwice = Two people used the same invite
    .detail = One of them had no right to it.
    .next = Remove both, and invite again face to face.

# Spaces and their members

trouble-SpaceClosed = This space is closed
    .detail = It can be read, not written.
    .next = Begin a new one with the same person if you go on.
trouble-LastKeeper = The last one who may change the list
    .detail = Without this member nobody could change who is in here.
    .next = Give another member that part first, or close the space.
trouble-AlreadyMember = This person is a member already
    .detail = They are listed with the keys that they had before.
    .next = If they lost all their keys, remove the old entry first, then send a new invite.
trouble-RotationPending = A new key is due
    .detail = A member has left, and the new key is not made yet.
    .next = Wait until somebody who may make it is online, then save again.
trouble-EpochNotGranted = The key of this part is not here yet
    .detail = You have not been given it so far.
    .next = It comes when a device of another member is next online.
trouble-RosterForked = A warning about the member list
    .detail = Entry { $n } does not continue the one before it. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-RosterRolledBack = A warning about the member list
    .detail = The server hides entries that this device has seen. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-RosterCutShort = The member list is not complete
    .detail = It ends in the middle of a change.
    .next = Check again; if it stays so, tell the practice’s owner.
trouble-RosterOfAnotherSpace = A warning about the member list
    .detail = The server sent the list of another space. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-SpaceMislabelled = A space is shown as another
    .detail = What you write there could reach other people. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-RosterEntryMalformed = A warning about the member list
    .detail = Entry { $n } cannot be read. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-RosterBadSignature = A warning about the member list
    .detail = Entry { $n } is not signed by whom it names. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-RosterNotAMember = A warning about the member list
    .detail = Entry { $n } concerns or comes from somebody who is no member. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-RosterNotAllowed = A warning about the member list
    .detail = Entry { $n } was made by somebody without the right to it. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-RosterUnfinished = A warning about the member list
    .detail = Entry { $n } comes between a change and the new key that must follow it. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-RosterUnknownRole = A warning about the member list
    .detail = Entry { $n } names a part that this space does not have. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-MemberKeysSwapped = A member’s keys were exchanged
    .detail = Somebody tried to give a member other keys without removing them first. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-OwnKeysSwapped = You are listed with other keys
    .detail = The keys under your name here are not yours. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-EpochMovedBack = A warning about the keys of this space
    .detail = Entry { $n } of the member list brings back or skips a key. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-ClientRenamed = Another name for { $known }
    .detail = The practice calls this client “{ $said }”, and no device of yours did. The name that you gave is shown. Writing to them is stopped.
    .next = If nobody at the practice changed the name, tell its owner.
trouble-EpochClosedEarly = A key was replaced too early
    .detail = Some of your saved items were left out. They are kept on this device and are being saved again.
    .next = Look whether everything is there; if it happens often, tell the practice’s owner.
trouble-WrongEpochSecret = A warning about the keys of this space
    .detail = A member was given another key than the one announced to all. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-GrantToAnother = A warning about the keys of this space
    .detail = The server sent a key that was made for somebody else. Writing here is stopped.
    .next = Tell the practice’s owner.
trouble-GrantByStranger = A warning about the keys of this space
    .detail = A key was handed out by somebody who was no member. Writing here is stopped.
    .next = Tell the practice’s owner.

# What the server sent does not hold

trouble-Malformed = Something is damaged
    .detail = It was damaged, or written by another program.
    .next = Load the page again. If it stays so, it must be restored from a backup.
trouble-BadId = This address is not complete
    .detail = A part of it is missing or of another kind.
    .next = Follow the link again from the page that showed it.
trouble-CannotOpen = This does not open
    .detail = It does not belong to your keys, or it was changed.
    .next = Load the page again. If it stays so, tell the practice’s owner.
trouble-OddHeader = A warning about the server
    .detail = Something came in a form that Alcove never writes. Nothing was opened.
    .next = Tell the practice’s owner.
trouble-RaisedWorkFactor = A warning about the server
    .detail = Something was made to stall this device. Nothing was opened.
    .next = Tell the practice’s owner.
trouble-ClassicRecipient = A key that is too weak
    .detail = It does not hold against quantum computers, so nothing was locked for it.
    .next = Ask the person to make keys in a current Alcove.
trouble-LowOrderPoint = A key that was made weak
    .detail = It was refused.
    .next = Ask the person to make new keys, and tell the practice’s owner.
trouble-WrongType = A warning about the server
    .detail = It sent something of another kind than was asked for. Nothing was used.
    .next = Tell the practice’s owner.
trouble-BadPadding = A warning about an item
    .detail = It was not filled up as prescribed, so it was refused.
    .next = Ask its author to save it again.
trouble-BadSignature = A warning about the server
    .detail = A signature is not valid. Nothing was used.
    .next = Tell the practice’s owner.
trouble-MisplacedRecord = A warning about the server
    .detail = It sent another item than the one asked for. It is not shown.
    .next = Tell the practice’s owner.
trouble-RecordWrongEpoch = A warning about an item
    .detail = It was locked again with another key than its author used. It is not shown.
    .next = Tell the practice’s owner.
trouble-RecordUnknownHead = A warning about an item
    .detail = Its author saw a member list that the server hides from you.
    .next = Check again; if it stays so, stop writing here and tell the practice’s owner.
trouble-RecordUnknownDirectory = A warning about the directory of keys
    .detail = Somebody wrote here who saw another directory than this device. The server may show each of you other keys. Writing here is stopped.
    .next = Compare the safety words with the people of this space, and tell the practice’s owner.
trouble-RecordAuthorNotAllowed = A warning about an item
    .detail = It is signed by somebody who had no right to write it. It is not shown.
    .next = Tell the practice’s owner.
trouble-RecordAfterClose = An item came too late
    .detail = It was added with a key that had been replaced already, so it is not shown.
    .next = Its author can save it again.
trouble-RecordBadSignature = A warning about an item
    .detail = It is not signed by the author it names. It is not shown.
    .next = Tell the practice’s owner.
trouble-RecordsWithheld = The practice withholds items
    .detail = { $missing ->
        [one] One item that somebody wrote here does not arrive, although the practice took it.
       *[other] { $missing } items that somebody wrote here do not arrive, although the practice took them.
    } Writing here is stopped.
    .next = Ask the author what is missing, and tell the practice’s owner.
trouble-RecordsNotBroughtBack = Not everything is back yet
    .detail = { $missing ->
        [one] One item from before the restore is missing.
       *[other] { $missing } items from before the restore are missing.
    }
    .next = They come back when the device that wrote them is next online.
trouble-RecordCountTaken = A warning about an item
    .detail = Two items carry the same number of one device. The later one is not shown.
    .next = Tell the practice’s owner.
trouble-RevisionOutOfOrder = A version is out of order
    .detail = It does not follow the one before it.
    .next = Check again; if it stays so, tell the practice’s owner.

# Keys and the directory

trouble-KeyringOfAnother = A warning about the server
    .detail = It sent the keys of another person. Nothing was used.
    .next = Tell the practice’s owner.
trouble-KeyringSwapped = A warning about your keys
    .detail = The server sent other keys than this device knows as yours. Nothing was used.
    .next = If you did not make new keys, tell the practice’s owner.
trouble-KeyringRolledBack = A warning about your keys
    .detail = The server sent an older version of them than this device has seen.
    .next = Ask the practice’s owner whether the server was restored.
trouble-KeyChanged = Somebody’s keys have changed
    .detail = They are not those that you know.
    .next = Compare the safety words with this person before anything is shared again.
trouble-ForeignLeaf = A key under your name that is not yours
    .detail = The directory holds one that no device of yours made.
    .next = Stop sharing, and tell the practice’s owner.
trouble-DirectoryForked = The directory of keys was rewritten
    .detail = It does not continue what this device has seen.
    .next = Ask the practice’s owner whether the server was restored.
trouble-StatementNotInDirectory = Keys that nobody else sees
    .detail = This person’s keys are not in the directory that everybody sees.
    .next = Do not share with them; tell the practice’s owner.

# The practice as a whole

trouble-OtherInstall = Another installation
    .detail = This is not the practice that this device knows under this address.
    .next = Check the address.
trouble-LowerTimeline = A warning about the server
    .detail = It shows a state from before a restore that this device has seen. Writing is stopped.
    .next = Ask the practice’s owner which server is the right one.
trouble-AnchorRolledBack = The server has forgotten things
    .detail = This device has seen more, and no restore was declared. Writing is stopped.
    .next = Tell the practice’s owner.
trouble-AnchorForked = The server’s history was rewritten
    .detail = It does not continue what this device has seen. Writing is stopped.
    .next = Tell the practice’s owner.
trouble-RestoreUnsigned = The practice was restored from a backup
    .detail = The owner has not confirmed it yet. You can read; writing comes back when they have.
    .next = Ask the owner to sign in.
trouble-RestoreNotByOwner = A restore by somebody else
    .detail = This device does not know who declared it as the owner. Writing is stopped.
    .next = Ask the practice’s owner.
trouble-RestoreReplayed = A restore that does not fit
    .detail = It was declared twice, or does not continue what this device knows. Writing is stopped.
    .next = Ask the practice’s owner.

# Answers of the practice, by their code

trouble-already-claimed = This practice is set up already
    .next = Sign in instead.
trouble-bad-request = The practice does not understand this window
    .detail = It may have been updated while this window was open.
    .next = Load the page again.
trouble-changed-meanwhile = It was changed meanwhile
    .detail = Another device was faster.
    .next = Look at it again, then repeat the change.
trouble-claim-expired = This claim code is too old
    .next = Run “alcove claim” on the server for a new one.
trouble-claim-spent = This claim code was used already
    .next = Run “alcove claim” on the server for a new one.
trouble-claim-wrong = This is not the claim code
    .next = Type the newest one that the server printed.
trouble-client-exists = This client is here already
    .next = Look at the list of clients.
trouble-disk-failing = The server’s disk reported an error
    .detail = Nothing that was sent is lost.
    .next = Try again in a moment. If it stays, tell whoever runs the server to check its disk.
trouble-disk-full = The server’s disk is full
    .detail = Nothing that was sent is lost, and reading goes on.
    .next = Ask whoever runs the server to free some space, then try again.
trouble-epoch-closed = The keys were changed meanwhile
    .detail = What you wrote must be locked anew.
    .next = Try again.
trouble-field-refused = Something typed does not fit
    .detail = The practice says: { $said }
    .next = Correct it, then try again.
trouble-file-refused = This file is not taken
    .detail = The practice says: { $said }
    .next = Choose the file again.
trouble-file-too-large = This file is too large for the practice
    .next = Share a smaller file, or ask whoever runs the server to allow larger ones with --file-max.
trouble-grant-refused = A key that was handed out is not in order
    .next = Load the page again and repeat it.
trouble-hash-differs = The file did not arrive whole
    .detail = It is sent again from the beginning.
    .next = Keep this window open.
trouble-head-moved = Somebody wrote meanwhile
    .detail = Their version is fetched and put together with yours.
    .next = Try again.
trouble-idempotency-mismatch = This was sent before, with other content
    .next = Load the page again and repeat it.
trouble-idempotency-refused = The practice does not understand this window
    .next = Load the page again and repeat it.
trouble-internal = Something went wrong on the server
    .detail = What you wrote is kept on this device.
    .next = Try again. If it stays so, tell whoever runs the server.
trouble-invite-expired = This invite waited too long
    .next = Ask your coach for a new one.
trouble-invite-refused = This invite is not in order
    .next = Make the invite again.
trouble-invite-revoked = This invite was taken back
    .next = Look for a newer one, or ask your coach for it.
trouble-invite-spent = This invite was used already
    .next = If that was not you, tell your coach at once.
trouble-keyring-moved = Your keys were changed on another device
    .next = Load the page again and repeat the change.
trouble-keyring-refused = The practice did not take the new keys
    .detail = Nothing was changed.
    .next = Load the page again and try again.
trouble-kit-proof-failed = This does not match the kit
    .next = Check the page and type it again.
trouble-kits-unproved = The kits are not proved yet
    .next = Print both kits and type back what the page asks for.
trouble-method-not-allowed = The practice does not understand this window
    .next = Load the page again.
trouble-no-restore-kit = There is no restore kit yet
    .next = Finish setting the practice up in the browser.
trouble-account-suspended = Your account is suspended
    .detail = What you proved was right, but somebody in the practice has to let you in again. Nothing of yours was removed.
    .next = Ask the practice’s owner or an admin.
trouble-factor-needed = A second factor is needed here
    .detail = Your practice asks for one besides your password.
    .next = Add one under Settings, or sign in with it.
trouble-last-owner = This is the last owner
    .detail = The practice would be without an active owner.
    .next = Make somebody else an owner first.
trouble-not-oneself = Nobody does this to themselves
    .detail = Your own role and account are changed by somebody else.
    .next = Ask somebody else who looks after people.
trouble-owner-unconfirmed = You are not confirmed as an owner yet
    .detail = An owner is one from the moment the last words of the kits were typed back.
    .next = Print your kits and type back what the page asks for.
trouble-person-beyond-you = This person may do more than you
    .detail = Nobody changes somebody with wider rights, and only owners change owners.
    .next = Ask an owner.
trouble-policy-refused = This is out of bounds
    .detail = A number is smaller or larger than it may be.
    .next = Choose one within the bounds.
trouble-role-in-use = People have this role
    .detail = A role stays as long as somebody has it, or had it when their account was closed.
    .next = Give them another role first.
trouble-role-refused = This role is not in order
    .detail = Another role has its name, or it asks for something that a role cannot be given.
    .next = Choose another name or other rights.
trouble-role-too-wide = This role may do more than you
    .detail = Nobody gives what they do not have.
    .next = Choose a narrower role, or ask an owner.
trouble-role-unfit = This role is not for this person
    .detail = A client’s account stays a client’s, and a colleague’s a colleague’s.
    .next = Invite them anew for the other work.
trouble-not-allowed = You may not do this
    .next = Ask the practice’s owner, if you should be able to.
trouble-not-found = There is nothing here
    .detail = It was removed, or it is not meant for you.
    .next = Go back to where you came from.
trouble-not-set-up = This practice is not set up yet
    .next = Open the address that the server printed and set it up.
trouble-offset-moved = The upload stands elsewhere
    .next = It goes on from there; keep this window open.
trouble-origin-differs = The practice has another address
    .detail = The practice says: { $said }
    .next = Open it at its own address.
trouble-other-host = The practice has another address
    .detail = The practice says: { $said }
    .next = Open it at its own address.
trouble-other-site = This came from another site
    .detail = Only the practice’s own pages may change anything.
    .next = Open the practice in a window of its own, then try again.
trouble-passkey-refused = This passkey does not fit
    .next = Make the passkey again.
trouble-passkeys-unavailable = Passkeys do not work at this address
    .next = Use a password and a kit.
trouble-person-exists = This person is here already
    .next = Sign in instead.
trouble-proof-too-old = Confirm that it is you
    .detail = Changing the ways to unlock needs a password or passkey of the last minutes.
    .next = Confirm, and it goes on.
trouble-quota-reached = The practice’s files take all the room they may take
    .detail = The file is kept on this device and goes on by itself once there is room.
    .next = Ask whoever runs the server to raise its --quota.
trouble-range-outside = The file ends before that
    .next = Download it again from the beginning.
trouble-record-refused = This item is not in order
    .detail = The practice did not take it.
    .next = Load the page again and try again.
trouble-reoffer-closed = The time for bringing things back is over
    .detail = The practice was restored more than two weeks ago. What only this device holds stays on it.
    .next = Write again what still matters.
trouble-reoffer-refused = Nothing is taken back here
    .detail = Only a restored server takes things back.
    .next = Load the page again.
trouble-restore-kit-refused = This is no restore kit
    .next = Make the kit again.
trouble-restore-not-pending = No restore waits for a signature
    .next = Load the page again.
trouble-restore-refused = This does not fit the restore
    .next = Load the page again and confirm again.
trouble-restore-unsigned = A restored server waits for its owner
    .detail = Until then it can be read, not written.
    .next = Ask the practice’s owner to sign in and accept the restore.
trouble-roster-moved = The member list grew meanwhile
    .next = Load the page again and repeat the change.
trouble-roster-refused = The member list does not allow this
    .next = Check again; if it stays so, do not write there and ask the other members.
trouble-sealed = The practice is sealed
    .detail = The server runs, but its data is locked. What you wrote is kept on this device.
    .next = Ask whoever runs the server to open it; then it goes on by itself.
trouble-secret-in-body = This window sent something that must stay here
    .detail = The practice used nothing of it.
    .next = Load the page again. If it stays so, tell whoever runs the server.
trouble-session-locked = Locked
    .detail = The practice waits until you have unlocked.
    .next = Unlock with your passkey or password.
trouble-sign-in-failed = Signing in did not work
    .next = Try again, or use another way to unlock.
trouble-signed-out = You are signed out
    .detail = What you wrote is kept on this device.
    .next = Sign in again.
trouble-slots-refused = These ways to unlock do not fit together
    .next = Keep a password or a kit beside a passkey.
trouble-space-closed = This space takes nothing new
    .next = Write into another space.
trouble-space-exists = This space is here already
    .next = Load the page again.
trouble-statement-refused = The practice did not take these keys
    .next = Load the page again and try again.
trouble-too-large = This is too large
    .next = Send less at once.
trouble-too-many-attempts = Too many attempts
    .detail = The practice slows down guessing.
    .next = { $wait ->
        [0] Wait a moment, then try again.
        [one] Wait a second, then try again.
       *[other] Wait { $wait } seconds, then try again.
    }
trouble-too-slow = The upload stopped
    .next = Check the connection and send it again.
trouble-unexpected-answer = An unexpected answer
    .detail = The practice answered { $status } without saying why.
    .next = Load the page again. If it stays so, tell whoever runs the practice.
trouble-unsupported-media-type = The practice does not understand this window
    .next = Load the page again.
trouble-upload-overtaken = This file is being sent from elsewhere
    .next = Wait for it, or choose the file again.
