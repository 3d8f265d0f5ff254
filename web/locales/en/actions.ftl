# Actions: what somebody promised to do, and by when.

actions = Actions
actions-open = To do
actions-done = Done and dropped
actions-none = Nothing to do
    .text = Write what, choose by when, press Enter. Both of you see it at once.
    .read = What you agree on appears here.
actions-more = { $count ->
    [one] Show { $count } older one
   *[other] Show { $count } older ones
}
action-what = What
    .example = Call Sam
    .missing = Write what is to be done.
action-when = By when
action-detail = Details
action-add = Add
action-save = Save
action-edit = Change this action
action-edit-this = Change “{ $title }”
action-drop = Drop it
action-take-up = Take it up again
action-dropped = Dropped
action-done-on = Done { $day }
action-done-by = Done { $day } by { $name }
action-is-done = “{ $title }” is done.
action-is-open = “{ $title }” is open again.
action-is-dropped = “{ $title }” is dropped.
action-mismatch = The server shows another date or state for this. What you see here is what was signed.
due-today = Due today
due-tomorrow = Due tomorrow
due-yesterday = Due yesterday, 1 day late
due-day = Due { $day }
due-late = { $days ->
    [one] Due { $day }, { $days } day late
   *[other] Due { $day }, { $days } days late
}
