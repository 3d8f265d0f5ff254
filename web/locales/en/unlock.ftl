# Ways to unlock: passkeys, passwords, and what can go wrong with either.

unlock-passkey = Passkey
    .text = Your face, finger or device code. Nothing to remember, and no user name.
    .act = Create passkey
    .easiest = Easiest
unlock-password = Password
    .act = Use this password
unlock-or = or
unlock-no-passkeys = This browser cannot use passkeys here
    .text = A password works. You can add a passkey later, in Settings.

password-yours = Your password
password-hint-nist = At least { $min } characters. A short sentence is good.
password-hint-strict = At least { $min } characters, with a capital and a small letter, a digit and a sign. A short sentence is good.
password-missing = Type a password, or create a passkey instead.
password-unchecked = It could not be checked, because the list of common passwords was not fetched. Check the connection and try again.
password-level-refused = Not yet.
password-level-fair = Good enough.
password-level-good = Good.
password-level-strong = Very good.
password-reason-short = { $count } of at least { $min } characters.
password-reason-long = { $count } characters: { $max } are the most. Perhaps more was pasted than you meant.
password-reason-listed = It comes down to one that everybody tries first. Take three or four words that have nothing to do with each other.
password-reason-about-you = It contains a name that others connect with you. Something that nobody knows of you is better.
password-reason-common = It is made of words that are tried first. Add one that is seldom.
password-reason-repeats = It repeats itself. Repeating adds nothing.
password-reason-run = It contains a row of neighbouring letters or digits. Words are harder to guess.
password-reason-date = It contains a date or a year. Those are tried early.
password-reason-longer = Add another word or two.
password-reason-no-upper = A capital letter is missing.
password-reason-no-lower = A small letter is missing.
password-reason-no-digit = A digit is missing.
password-reason-no-symbol = A sign such as a comma or a dash is missing; a space counts.

fault-passkey-no-prf = This passkey can sign you in, but it cannot open your keys
    .next = Some devices make passkeys of this kind. Choose a password below; it opens your keys on this device.
fault-passkey-cancelled = The passkey was not used
    .next = The window was closed, or it took too long. Nothing was changed. Try again, or use a password.
fault-passkey-unsupported = This browser cannot use passkeys at this address
    .next = Passkeys need the practice’s name as the address and a certificate that this browser trusts. Use a password here.
fault-needs-kit = A password alone does not work in this browser
    .next = This browser does not hold the second half of your key. Use your kit once; after that your password works here.
fault-memory = This device has too little memory free to check a password
    .next = Close other pages and try again, or use your passkey or your kit.
fault-wrong-password = This password does not fit
    .next = Check capital letters and the keyboard’s language, then try again. Your kit works as well.

confirm-you = Confirm that it is you
    .text = You unlocked a while ago. Changing what opens your keys needs it once more.
    .act = Confirm
confirm-you-password = Your present password
    .missing = Type your password.
confirm-you-passkey = Confirm with passkey
confirm-you-kit = You have only your kit
    .text = Lock this device, sign in with your kit, then come back here.
