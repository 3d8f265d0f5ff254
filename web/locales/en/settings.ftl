# A person's own settings.

settings = Settings
settings-back = My space
settings-profile = Profile
    .text = Not locked: the practice and its server see these, so that the practice can run.
settings-name = Name
settings-email = E-mail
    .none = None
settings-zone = Time zone
settings-practice = Practice
settings-team = Your team
    .what = Colleagues, how their keys are confirmed, and inviting one
settings-look = Appearance
settings-look-system = As the device
settings-look-light = Light
settings-look-dark = Dark

keys = Devices and keys
    .what = Passkeys, password, kit
    .lead = Each of these opens your keys on its own. Keep at least two.
keys-ways = Ways to unlock
keys-name-password = Password
keys-name-kit = Personal kit
keys-kind-passkey = Passkey, since { $day }
keys-kind-password = Since { $day }
keys-kind-kit = On paper, since { $day }
keys-device = Add a device
keys-passkey = Add a passkey
    .text = Your device asks for your finger, your face or its code. Have the device or security key ready that is to keep it.
    .act = Create passkey
    .name = My passkey
    .done = The passkey is added.
keys-passkey-name = Name
    .hint = So that you know it in this list, for example “MacBook”. Only your devices can read it.
    .missing = Give it a name.
keys-rename = Rename
keys-rename-ask = Rename { $label }
    .text = The passkey stays the same.
    .act = Save
keys-renamed = It is called { $label } now.
keys-no-prf = It was not added, because it could not open anything. Use a password on this device, or another passkey.
keys-password = Add a password
    .change = Change the password
    .text = The new password counts on all your devices at once. The old one then opens nothing.
    .done = The password is set.
keys-kit = Make a new personal kit
    .text = The page that you have now then opens nothing. Do this when it was lost, or when somebody else may have seen it.
    .act = Make it
keys-remove = Remove
keys-remove-ask = Remove { $label }?
    .text = It then opens nothing any more. If somebody has had it in their hands, make a new kit and change the password, too.
keys-removed = { $label } is removed.
keys-yours = The fingerprint of your key
    .text = Others see the same one for you. With people who share a space with you, compare the words on “Who can read this”.
keys-safe = The server keeps only locked copies.
    .text = Your password and your keys never leave your devices. Whoever runs the server, or steals its disk, reads no notes.
keys-stolen = A stolen device
    .text = is as safe as its passkey or your password while it is locked. It locks after 15 minutes without a touch.
keys-lost = Everything lost?
    .text = Without any of these nobody can open what only you can read, not even the practice, unless you agreed to practice recovery. What is shared with you can come back by a new invitation.

steps = Second step
    .what = Authenticator app, security keys, recovery codes
    .lead = What the practice asks for beside your password. A passkey needs none: it is two steps in one.
steps-app = Authenticator app
    .none = Not set up
    .since = Set up on { $day }
    .add = Set up
    .removed = The authenticator app is removed.
steps-added = Your second step is set up.
steps-keys = Security keys
    .none = No security key
    .add = Add a security key
steps-key = Since { $day }
    .used = Since { $day }, last used on { $used }
steps-key-removed = { $label } is removed.
steps-codes = { $left ->
    [0] No recovery codes left
    [one] { $left } recovery code left
   *[other] { $left } recovery codes left
}
    .text = For when the app or key is not there
    .act = Make new ones
steps-codes-ask = Make new recovery codes?
    .text = The ones that you have now then open nothing.
    .act = Make them
steps-remove = Remove
steps-remove-ask = Remove { $label }?
    .text = Your other devices are signed out, and this one stays signed in. You can add it again at any time.
steps-ended = Adding or removing a second step signs out your other devices.

data = Everything of mine
    .what = Export all that you can read
    .lead = One file with all that you can read, put together on this device.
    .act = Export everything of mine
data-inside = What is in it
    .text = Your notes, messages, actions and files, with who wrote them and when, and your locked keys.
data-progress = { $done } of { $total }
data-working = Gathering. You can go on using other windows.
data-done = { $name } is saved among your downloads, { $size }.
data-open = It opens without Alcove.
    .text = It is locked for you. The free “age” program and your personal kit open it; the file README inside says how.

leave = This device
leave-lock = Lock now
    .text = Puts everything away until you unlock
leave-out = Sign out
    .text = Your password still works in this browser
leave-waiting = { $count ->
    [0] Some changes are not sent yet
    [one] { $count } change is not sent yet
   *[other] { $count } changes are not sent yet
}
    .text = They stay on this device, locked, and are sent when you sign in here again.
    .stay = Stay and send them
    .act = Sign out anyway
forget = Forget this device
    .text = Takes everything of yours out of this browser
    .long = The locked copies, the drafts and the second half of your key leave this browser. Drafts that were never sent are gone for good. To come back here you need a passkey or your kit.
    .type = Type “{ $word }” to go on
    .wrong = Type the word { $word }.
    .act = Forget this device
forget-word = forget
