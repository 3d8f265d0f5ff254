# Words inside the shared parts.

skip-to-content = Skip to content
main-navigation = Main
working = Working
loading = Loading
close = Close
undo = Undo
back = Back
show-password = Show the password
hide-password = Hide the password
optional = Optional
audience-label = Who can read this: { $who }
steps-label = Steps
step-of = Step { $step } of { $total }
step-done = Done: { $title }
notices = Notices
waiting-count = { $count ->
    [one] { $count } waiting
   *[other] { $count } waiting
}
