# Who is in the practice, what they may, and the rules of signing in.

people-all = People
    .lead = Who works in this practice and who is coached. Nobody reads sealed content by a role alone: that takes a key that a member of the space gives.
people-colleagues = People who work here
people-clients = Clients with an account
    .none = No client has joined yet.
people-closed = Closed accounts
people-opening = Asking the practice
people-team = Team
    .what = Invite a colleague; compare words
people-review = Access review
    .what = Look through who may what, and sign it
people-roles = Roles
    .what = What each may do; make your own
people-rules = Rules of signing in
    .what = Second step, passwords, inactive accounts

role-owner = Owner
role-admin = Admin
role-practitioner = Practitioner
role-staff = Staff
role-client = Client

person-you = You
person-here = { $role } · here last { $day }
person-detail-suspended = { $role } · suspended { $day }
person-detail-closed = Closed { $day }
person-suspended = Suspended

person-about = About
person-role = Role
person-email = E-mail
    .none = None
person-joined = Joined
person-visited = Here last
person-reviewed = Access reviewed
    .never = Not yet
person-sessions = Open sessions
person-reads = What they can read is not here.
    .text = Each space says itself who reads in it, from its keys: look at “Who can read this” there.
person-gone = This person is not in the practice.
    .text = The address may be an old one.

person-role-change = Change the role
    .text = It counts at once. It opens no sealed content, and takes none away that somebody has already read.
    .done = { $name } is { $role } now.
person-end = Sign { $name } out everywhere
    .text = Ends every session. Keys and content stay as they are.
    .done = { $name } is signed out everywhere.
person-suspend = Suspend
    .text = Signs { $name } out at once and lets them in no more, until you take it back. Nothing is deleted.
    .done = { $name } is suspended.
person-reinstate = Let { $name } in again
    .text = They sign in as before.
    .done = { $name } may sign in again.
person-suspended-why = { $why ->
    [inactive] Suspended on { $day }, because they had not been here for a long time.
    [operator] Suspended on { $day } by whoever runs the server.
   *[other] Suspended on { $day }.
}
person-close = Close the account
    .text = { $name } is signed out for good, and their keys leave the server. This cannot be undone.
    .type = Type “{ $name }” to go on
    .wrong = Type { $name }.
    .done = The account of { $name } is closed.
person-close-data = What becomes of what they wrote
person-close-keep = Keep it
    .text = What they shared stays with the people who share it. What only they could read stays on the server, locked for ever.
person-close-erase = Remove what only they could read
    .text = Their notebook and notes that nobody else can open are deleted. What they shared stays with those people.
person-beyond = You may not change this person.
    .text = Only somebody who holds at least the same rights may, and only owners change owners.
person-yourself = Your own account is changed in the settings.

roles = Roles
    .lead = A role says what somebody may do in the practice, never what they can read. Nobody gives power over the practice that they do not hold themselves.
roles-built-in = In every practice
roles-own = Of your own making
    .none = None yet. Make one where the roles above give too much or too little.
roles-people = { $people ->
    [0] Nobody has it
    [one] { $people } person has it
   *[other] { $people } people have it
}
roles-base = Own account and the spaces they are a member of
roles-make = Make a role
    .act = Make it
    .done = The role { $name } is made.
roles-edit = Change the role { $name }
    .short = Change
    .act = Save
    .done = The role { $name } is changed.
roles-remove = Remove
    .done = The role is removed.
roles-name = What to call it
    .missing = Give it a name.
roles-rights = What it may do
    .text = Beside one’s own account and the spaces one is a member of.

right-manage-clients = Add clients and coach them
right-see-people = See who is in the practice
right-manage-people = Invite, suspend and change people
right-manage-roles = Make and change roles
right-set-policy = Set the rules of signing in
right-review-access = Review who has access
right-see-security = See everybody’s sign-ins
right-sign-restore = Accept a restored server
right-see-backups = See when the last backup was made

rules = Rules of signing in
    .lead = They hold for everybody in the practice at once; one session for each person from the next sign-in on.
rules-factor = A second step is asked of
    .hint = A passkey is enough by itself. With a password, a code or a security key comes besides.
rules-factor-owners-and-admins = Owners and admins
rules-factor-everybody = Everybody, clients included
rules-profile = Passwords
    .hint = The first is what today’s guidance advises. The second is there for contracts that ask for it.
rules-profile-nist = Long, and in no list of known ones
rules-profile-strict = Besides, mixed characters, and new ones after 90 days for owners and admins
rules-single = One session for each person
    .hint = Signing in somewhere ends the session elsewhere.
rules-inactive = Suspend people who work here after this many days without a visit
    .wrong = A number from 30 to 730.
rules-inactive-clients = Suspend clients, too
    .hint = Usually not: a client may well pause for a year.
rules-review = Review who has access every so many days
    .wrong = A number from 7 to 366.
rules-save = Save the rules
    .done = The rules are saved.

person-activity = What happened
    .what = Sign-ins, changes of this account, and what its holder did
