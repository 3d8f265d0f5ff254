# Set-up: the practice, the owner's sign-in, the kits.

set-up = Set up your practice
    .note = You can stop at any time; in this tab we keep your place.
set-up-step-practice = Your practice
set-up-step-sign-in = Your sign-in
set-up-step-kits = Save your kits
set-up-step-second = Your second step
set-up-next = Go on
set-up-done = Your practice is ready.

set-up-practice = Your practice
    .lead = Clients see this name when you invite them.
set-up-name = Name of the practice
    .hint = For example “Juniper Coaching”.
    .missing = Type the name that clients will see.
set-up-zone = Time zone
    .hint = Taken from this device. Every time that Alcove shows names its zone.
set-up-origin = The practice’s address
    .text = Passkeys and sign-ins are tied to this address. It is fixed once your account exists, so make sure that it is the one you want.

set-up-sign-in = Your sign-in
    .lead = Your keys are made on this device. The server never gets them, and never gets your password.
    .note = Your password never leaves this device. In a new browser you also need your personal kit, which comes next.
set-up-your-name = Your name
    .hint = As clients know you.
    .missing = Type your name, as clients know you.
set-up-email = E-mail
    .hint = Only for notices. They never say what is in a note.
    .wrong = This is not an e-mail address. Correct it, or leave it empty.
set-up-making = Making your keys and your practice. This takes a moment.

set-up-kits = Save your kits
    .lead = Two sheets of paper, two different powers. They are made in this browser and never sent to the server, so print them now and keep them in different places.
set-up-kits-first = Until both are proved, no note, message or client can be made: a lost key would lose them.
set-up-kits-check = Check and go on
set-up-kits-finish = Open my practice
set-up-kits-later = Lost a sheet later? As long as you can sign in, you can make a new personal kit.
set-up-kits-again = Try again
set-up-kits-elsewhere = Your kits wait in another browser
    .text = They were made there and only that browser has them. Open this practice there, print them and prove them. If that browser is gone, nothing is lost yet: no note exists. Start “alcove serve” again with an empty data directory.
