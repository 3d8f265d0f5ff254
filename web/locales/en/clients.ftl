# Clients: the list, adding one, the invite.

clients = Clients
clients-search = Search by name or e-mail
clients-found = { $count ->
    [0] No client found
    [one] { $count } client found
   *[other] { $count } clients found
}
clients-none = No clients yet
    .text = Add the first one. A first name is enough, and nobody is told anything until you pass the link on.
clients-not-found = Nobody matches “{ $typed }”
    .text = The search looks at names and e-mail addresses.
clients-show-all = Show all
clients-add = Add a client
    .lead = They get one link from you, and are in within a minute.
    .act = Add and make the link
    .locked = Name and e-mail are not locked: the practice and its server see them. The welcome message is locked for whoever opens your link.
client-name = Name
    .hint = A first name is enough.
    .missing = Write a name.
client-email = E-mail
    .hint = Only to fill in the address when you send the link by mail yourself.
    .wrong = This is no e-mail address. Write it like ana@example.org, or leave it out.
client-welcome = Welcome message
    .hint = The first thing they read, signed { $coach }.
client-added = Added
client-invited = Invited
client-expired = Invite expired
client-joined = Joined
client-verified = Verified
client-unread = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
client-open-actions = { $count ->
    [one] { $count } open action
   *[other] { $count } open actions
}
client-missing = This client is not here
    .text = The link may be for another practice, or this device has not fetched it yet.

invite = Invite { $name }
    .lead = Pass this on yourself, as you usually talk with { $name }. Our server never sees the secret in it.
invite-link = The link
invite-qr = QR code of the invite link for { $name }
invite-share = Share
invite-copy = Copy the link
invite-copied = Copied
    .text = The link is on the clipboard.
invite-by-mail = Write a mail
invite-mail = Hello { $name }, this link opens our shared space. It works once. Please open it on the phone or computer you use most: { $link } See you soon, { $coach }
    .subject = Your link for { $practice }
invite-until = It works once, until { $when }.
invite-secret = Whoever holds the link can join as { $name } and read what you share meanwhile. Send it to { $name } only, and compare words when you next speak.
invite-revoke = Take the link back
invite-link-ended = The link no longer works.
invite-again = Make a new link
invite-new = Make the link
invite-make = Make the link
invite-elsewhere = The link was made on another device
    .text = It works until { $when }. Only the device that made it can show it again. A new link ends the old one.
invite-joined = { $name } has joined
    .text = Compare six words when you next speak, so that both of you know that nobody sits in between.
    .act = Compare words

invite-lost = Has { $name } lost everything?
    .first = Whoever still has a device, the password in a known browser, or the kit needs no new invite. With none of these left:
    .what = { $name } then finds again what you two shared, once this device has seen the join. Notes that only { $name } could read are gone then. Whoever had agreed to practice recovery gets everything back instead: an owner does it from the person’s page under “People”.
    .act = Remove access, then invite again
invite-lost-step-talk = Make sure that it is { $name }: see or call them. A mail alone proves nothing.
invite-lost-step-remove = Take the access away that { $name } had. Whoever found a lost device then reads nothing new.
invite-lost-step-link = Pass a new link on. { $name } comes back with new keys.
invite-anew = { $name } was here before
    .text = Whoever joins by a new link comes with new keys. Compare words again afterwards: until then you know only that it was somebody with the link.

reach-device = Clients’ phones cannot reach this address
    .text = { $origin } exists only on this computer. To invite people, serve the practice under a host name of its own with a trusted certificate; a new practice is needed for that, since keys are tied to the address. Use this one to try things out.
reach-network = Only devices in your own network can reach this address
    .text = { $origin } is not known outside. A client elsewhere needs a public host name with a trusted certificate.
reach-untrusted = Clients’ browsers will warn of this address
    .text = The certificate of { $origin } is not trusted by this browser, so passkeys do not work, and a client cannot join safely. Give the practice a trusted certificate before you pass a link on.
