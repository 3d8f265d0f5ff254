# The first page of a new practice, and what the browser can do at this address.

claim = Set up a new practice
    .lead = “alcove serve” printed a code when it started. Whoever types it here sets up the practice and owns it.
    .begun = Somebody has begun to set up this practice. To go on in this browser, type a new code: run “alcove claim” on the server.
    .act = Begin
claim-code = Claim code
    .hint = It stands under the address that “alcove serve” printed. It works once.
claim-missing = Type the code that “alcove serve” printed. If it is gone, run “alcove claim” on the server.
claim-wrong = This is not the code.
    .next = Compare it with the one that “alcove serve” printed, or run “alcove claim” on the server for a new one.
claim-spent = This code was used already.
    .next = Run “alcove claim” on the server for a new one. If it was not you, tell whoever looks after the server first.
claim-expired = This code is too old.
    .next = Run “alcove claim” on the server for a new one.
claim-taken = This practice is already set up
    .lead = Its owner can sign in. If you are the owner and cannot, use your personal kit on the sign-in page.
    .act = Sign in
claim-time = About ten minutes. You can stop and come back; in this tab nothing that you typed is lost.

ground-number = You opened Alcove by a number, not by a name
    .works = Here a password works, but no passkeys, and nothing works offline. The address cannot change once accounts exist.
    .next = Better: give this machine a name, start “alcove serve --origin https://NAME”, and open that address.
ground-untrusted = This browser does not trust the practice’s certificate
    .works = Here a password works, but no passkeys, and nothing works offline.
    .next = Install the practice’s certificate authority on this device, compare the fingerprint that “alcove serve” printed, then load this page again. Clients’ devices need a publicly trusted certificate: see “alcove serve --cert FILE --key FILE”.
ground-insecure = This page is not encrypted, so no key can be made here
    .works = Set-up cannot go on at this address.
    .next = Open the address that begins with https:// and that “alcove serve” printed.
ground-no-passkeys = This browser knows no passkeys
    .works = A password works here. A newer browser would offer passkeys, too.
    .next = You can go on, and add a passkey later.
