# A client's own corner.

space = My space
space-shared = What we share
space-mine = Mine
space-actions = Actions
    .count = { $count ->
        [0] Nothing open
        [one] { $count } open
       *[other] { $count } open
    }
space-files = Files
    .count = { $count ->
        [0] None yet
        [one] { $count } file
       *[other] { $count } files
    }
space-access = Who can read this
    .text = People, and how you know them
space-export = Export everything of mine
    .text = One file that opens without Alcove
space-settings = Settings
    .text = Passkeys, password, kit, this device
