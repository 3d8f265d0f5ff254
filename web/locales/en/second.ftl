# The second step: codes of an authenticator app, security keys, recovery codes.

second = Your second step
    .act = Go on
second-lead-totp = Open your authenticator app and type the code that it shows.
second-lead-key = Plug in your security key, or hold it to the device, and touch it.
second-lead-recovery = Type one of the recovery codes that you kept. Each works once.
second-code = Code
    .hint = Six digits. A new one comes every 30 seconds.
    .missing = Type all six digits.
second-key =
    .act = Use my security key
second-recovery = Recovery code
    .hint = Letters and digits, with or without the dashes.
    .missing = Type a recovery code.
second-other-totp = Use the authenticator app
second-other-key = Use a security key
second-other-recovery = Use a recovery code
second-wrong-totp = This code does not fit. Type the one that your app shows now. If it stays so, check that the phone’s clock is right.
second-used-totp = This code was used already. Wait for the next one and type that.
second-wrong-recovery = This code does not fit, or was used already. Take the next one of your list.
second-wrong-key = This security key does not fit
    .next = Take the one that you added under Settings, or choose another way below.
second-used-up = Too many tries
    .next = Begin again from the first step. If your app’s codes never fit, check that the phone’s clock is right.

totp = Authenticator app
    .scan = Scan this picture with an authenticator app, such as the one of your password manager.
    .picture = The picture that sets up your authenticator app
    .type = No camera? Type this instead
    .hint = The code that the app shows now.
    .act = Confirm
    .cancel = Cancel
totp-again = Try again
totp-wrong = This code does not fit. Type the one that the app shows now. If it stays so, check that the phone’s clock is right.

key = Security key
    .text = A small device that you plug in or hold to your phone. Give it a name first, so that you know it again.
    .act = Add it
key-name = Name
    .hint = Only you see it.
    .example = My security key
    .missing = Give it a name.

recovery = Recovery codes
    .text = Each signs you in once when the app or key is not there. They are shown only now. Keep them where you keep your kit, not in this browser.
recovery-file = Recovery codes of { $name } at { $practice }. Each works once, as the second step.
recovery-copy = Copy
recovery-copied = The codes are on the clipboard.
recovery-not-copied = This browser did not let them be copied. Save them as a file.
recovery-save = Save as a file
recovery-print = Print
recovery-kept = I kept them in a safe place
    .missing = Keep them first, then tick the box.
recovery-done = Go on

add-factor = Add a second step
    .lead = Your practice asks for more than a password from whoever looks after others. It takes a minute.
add-factor-passkey = A passkey on this device
    .text = Face, finger or device code. Then you need no code any more
add-factor-waiting = Waiting for your device
add-factor-totp = An authenticator app
    .text = Six digits that your phone shows
add-factor-key = A security key
    .text = A small device that you plug in or hold to your phone
add-factor-no-prf = It was not added, because it could not open your keys. Take an authenticator app or a security key instead.
add-factor-why = Whoever learns your password can then still not sign in to { $practice } as you.
add-factor-out = Sign out instead
