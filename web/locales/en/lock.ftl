# The lock, and the minute before it.

lock = Locked
lock-why-idle = 15 minutes passed without a touch, so this device put everything away.
lock-why-asked = You locked Alcove on this device.
lock-why-reload = The page was loaded again, and your keys are never kept in it.
lock-why-elsewhere = Alcove was locked in another window, or by the server.
lock-kept = Your drafts are kept
    .where = On this device, locked too
lock-waiting = { $count ->
    [one] { $count } item waits to be sent.
   *[other] { $count } items wait to be sent.
}
lock-passkey =
    .act = Unlock with passkey
lock-password = Your password
    .act = Unlock
    .choose = Use password
    .missing = Type your password.
lock-kit = I can’t unlock, I have my kit

idle = Alcove locks in { $seconds ->
    [one] { $seconds } second.
   *[other] { $seconds } seconds.
}
    .kept = Your drafts are kept.
    .stay = Stay open
idle-label = The lock
idle-said = Alcove locks in one minute unless you touch or type something. Your drafts are kept.
