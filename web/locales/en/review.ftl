# The review of who has access to the practice.

review = Access review
    .what = Look through who works here and what they may do
    .lead = From time to time, look at everybody who works in the practice: do they still need what they may do? Clients are not part of it.
    .due = Due since { $day }
    .next = The next one is due on { $day }
review-due = An access review is due
    .text = Look at everybody who works in the practice, decide about each, and sign.
review-begin = Begin a review
review-none = No review yet
    .text = A review lists everybody who works in the practice, with their role, their rights, their ways to sign in and when they were here last.
review-open = The review of { $day }
    .by = Begun by { $name }
    .count = { $done } of { $total } decided
review-keys = K keeps, C marks the role for a change, S marks for suspension; the arrow keys go to the next person.
review-keep = Keep
review-change = Change the role
review-suspend = Suspend
review-choice = What to do about { $name }
review-note = Note
    .hint = Not locked: whoever reviews access can read it.
review-sign = Sign the review
    .text = It is signed with your name and kept as it is. Nobody can change it afterwards.
    .left = { $left ->
        [one] { $left } person has no decision yet.
       *[other] { $left } people have no decision yet.
    }
    .done = The review is signed.
review-to-do = Decided, and still to do
    .text = A review only writes down what was decided. Change roles and suspend people on the page of the person.
review-past = Earlier reviews
review-signed = Signed by { $name }, { $day }
review-print = Print the report
review-report = Access review of { $practice }
    .begun = Begun { $day } by { $name }
    .signed = Signed { $day } by { $name }
    .unsigned = Not signed yet
    .sign-here = Signature
review-person = Person
review-role = Role
review-rights = May do
review-ways = Signs in by
review-seen = Last here
review-decision = Decision
review-undecided = Not decided
review-by-themselves = Decided by themselves: nobody else could review
review-not-oneself = Somebody else decides about you.
review-state-suspended = Suspended
review-state-deleted = Account closed
review-passkeys = { $count ->
    [one] { $count } passkey
   *[other] { $count } passkeys
}
review-password = Password
review-ways-none = Nothing
review-role-owner = Owner
review-role-admin = Admin
review-role-practitioner = Practitioner
review-role-staff = Staff
review-role-own = A role of the practice
review-right-none = Their own account and spaces
review-right-manage-clients = Coach clients
review-right-see-people = See people
review-right-manage-people = Change people
review-right-manage-roles = Change roles
review-right-set-policy = Set the rules
review-right-review-access = Review access
review-right-see-security = See all sign-ins
review-right-sign-restore = Accept a restore
review-right-recover = Help recover access
review-right-see-backups = See backups
