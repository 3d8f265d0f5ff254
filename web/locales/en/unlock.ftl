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
password-hint = At least { $min } characters. A short sentence is good.
password-missing = Type a password, or create a passkey instead.
password-level-refused = Not yet.
password-level-fair = Good enough.
password-level-good = Good.
password-level-strong = Very good.
password-reason-short = { $count } of at least { $min } characters.
password-reason-common = It contains a word that is tried first, such as “password”.
password-reason-about-you = It contains a name that others connect with you.
password-reason-repeats = It repeats itself.
password-reason-run = It contains a row of neighbouring letters or digits.
password-reason-longer = Add another word or two.

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
