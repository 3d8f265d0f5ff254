# Inviting a colleague into the practice.

team = Your team
    .lead = Who works here with you. Keys are confirmed when somebody joins by link; compare words with those you work closely with.
    .opening = Asking who is in your team
team-colleagues = Colleagues
team-none = Nobody else yet
    .text = Whoever you invite joins with keys of their own. Clients are opened to them one by one, and each client sees it.
    .cannot = The owner or an admin invites colleagues.
team-you = { $name } (you)
team-confirmed = Confirmed
team-compared = Verified
team-waiting = Not confirmed yet
team-suspended = Suspended
team-compare = Compare words
team-invites = Invited
team-invite-until = As { $role }, until { $when }
team-invite-show = Show the link
colleague-invite = Invite a colleague
    .lead = They join with keys of their own. No client’s notes open to them until somebody who looks after that client adds them.
    .act = Make the invite link
colleague-name = Name
    .missing = Write a name.
colleague-email = E-mail
    .hint = For the message with the link. Alcove does not send it.
    .wrong = This is no e-mail address.
colleague-role = Works here as
colleague-owner = Owner
    .what = Everything: people, rules, clients of their own. Can make other owners.
colleague-admin = Admin
    .what = People, roles and rules. Never clients.
colleague-practitioner = Practitioner
    .what = Clients of their own, and those to whom a colleague adds them.
colleague-staff = Staff
    .what = Works in the practice without clients of their own.
colleague-role-gone = A role that was removed
colleague-message = A word of welcome
colleague-link = Invite link for { $name }
colleague-qr = Invite link for { $name } as a code
colleague-share = Share
colleague-copy = Copy
colleague-copied = Copied
    .text = Pass it on yourself. Whoever has it can join in { $name }’s place.
colleague-by-mail = Write an e-mail
colleague-until = Works once, until { $when }.
colleague-secret = The link holds a secret that the server never sees. Give it to { $name } only.
colleague-mail = Hello { $name },

    with this link you join our practice in Alcove: { $link }

    It works once. Open it on the device that you will work with.

    { $by }
    .subject = Join { $practice }
colleague-elsewhere = This link is on another device
    .text = It was made there and cannot be shown here. A new one takes its place.
    .act = Make a new link
colleague-withdraw = Withdraw the invite
colleague-withdrawn = The link opens nothing any more.
colleague-close = Done
