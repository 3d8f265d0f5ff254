# Words that every screen may need: times, navigation, and what can go wrong with a page itself.

product = Alcove
page-title = { $page } · { $practice }

time-in-zone = { $time } ({ $zone })
time-range = { $start } – { $end }
day-and-time = { $day }, { $time }
day-today = Today
    .inside = today
day-yesterday = Yesterday
    .inside = yesterday
day-tomorrow = Tomorrow
    .inside = tomorrow

page-missing = There is nothing at this address
  .lead = The link may be old, or it is for another practice. Nothing of yours was lost.
  .act = Go to the start
page-stale = This page could not be fetched
  .lead = You may be offline, or Alcove was updated while this window was open. What you wrote is kept on this device.
  .act = Load it again

start-waiting = Opening your practice
start-unreachable = The practice does not answer
  .lead = This device cannot reach it, or its answer made no sense. Nothing of yours was lost. Check the connection, then try again.
  .act = Try again

gate-waiting = Opening your space
gate-again = Try again

# Trouble before the other texts of trouble are here.
trouble-Offline = The practice cannot be reached
    .detail = What you wrote is kept on this device and is sent when the connection is back.
    .next = Check the connection, then try again.
trouble-unexpected = That did not work
    .detail = { $what ->
        [none] Something went wrong in this window.
       *[other] Something went wrong in this window ({ $what }).
    }
    .next = Load the page again. What you wrote is kept on this device.
