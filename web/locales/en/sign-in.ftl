# Sign-in, with a passkey, a password or the kit.

sign-in = Sign in
sign-in-passkey =
    .act = Use my passkey
sign-in-listed = Passkeys on this device
    .hint = Choose the field, and your browser shows the passkeys it has for this practice. There is nothing to type.
sign-in-no-passkeys = Use your password, or your kit.
sign-in-known = Known in this browser
    .password = A password works here
    .other = Use the passkey or your kit
    .text = Choose your name to type the password.
sign-in-password = Password of { $name }
    .act = Sign in
    .missing = Type your password.
sign-in-new = New in this browser? Your passkey works if it is on this device or synchronised to it. If not, use another device of yours, or your kit.
    .known = Somebody else? Use the passkey above, or your kit.
sign-in-failed = That did not work
    .next = Check that it is the right passkey, password or kit, and try again. If you have lost them all, talk to your practice.
sign-in-link = From a device where I am signed in
sign-in-kit = I have my kit
    .lead = Your personal kit is a page with 24 words and a code, or the file that you saved.
    .act = Sign in with this kit
    .safe = What you type here stays on this device. The server never gets it.
    .restore = A restore kit does not work here: it brings back a whole practice, not a person.

enrol = Welcome back, { $name }
    .lead = Give this device a way of its own, so that your kit can go back to its safe place.
    .change = Use this as my password
    .note = Your password never leaves this device.
    .note-change = A new password replaces the old one on all your devices. Your old one works here, too: choose “Later”.
    .later = Later
enrol-done-passkey = This device has a passkey now.
enrol-done-password = Your password works here now.
