# Kits: the pages, how they are kept, how one is typed back.

kit-restore = Restore kit
    .opens = This page brings the whole practice back on a new machine, from a backup. On its own it cannot read a single note.
    .use = To restore: run “alcove restore” on the new machine and type the 24 words, or the line below. A phone’s camera reads the code as the same line. The practice’s address is { $origin }.
    .short-use = For “alcove restore”: type the 24 words, or scan this code.
    .keep = Keep it in a safe, or with the person who looks after your computer.
    .warning = Whoever holds this page and a backup can open the practice’s data, but no sealed note.
    .what = Brings the whole practice back on a new machine. On its own it cannot read a single note.
    .done = The restore kit is proved.
kit-personal = Personal kit
    .opens = This page lets its owner back in when phone and computer are lost. It opens everything that its owner can read.
    .use = On the sign-in page of { $origin }, choose “I have my kit” and type the 24 words, or the line below. A phone’s camera reads the code as the same line.
    .short-use = Type the 24 words on the sign-in page under “I have my kit”, or scan this code.
    .keep = Keep it where only you can reach it, and never next to your phone.
    .warning = Whoever holds this page can read your notes.
    .what = Lets you back in if you lose your phone and your computer. It opens everything that you can read.
    .done = The personal kit is proved.
kit-recovery = Recovery paper
    .opens = This page is an owner’s part in practice recovery. It brings people back who lost everything and had agreed to it.
    .use = To bring somebody back: open the person’s page in { $origin }, choose “Bring back access”, and type the 24 words, or the line below.
    .short-use = For “Bring back access”: type the 24 words, or scan this code.
    .keep = Keep it in a safe place, away from your own kit and from backups, and never two owners’ papers together.
    .warning = With this page, alone or together with another owner’s, and a backup, everything can be read that people who agreed can read.
    .done = The recovery paper is proved.
kit-page-of = Page { $page } of { $pages }
kit-code-label = The kit as a code to scan
kit-line-label = The same key as one line, for the “age” tool:

kit-backup-fingerprint = Your backups are signed. Fingerprint of the signing key:

kit-only-you = Only you
kit-state-proved = Proved
kit-state-kept = Not proved yet
kit-state-none = Not printed
kit-on-paper-only = Code and words appear only on paper, or in the saved file.

kit-print = Print it
    .text = Both kits come out together, one page each. Keep the pages in different places.
    .act = Print
    .again = Print again
    .printed = Printed today, { $time }.
    .saved = Saved as a file today, { $time }.
kit-save-file = Save as a file
    .no-printer = No printer? Save it as a file
    .text = The file holds the secret itself: put it on a USB stick or into a password manager, not into a mail.

kit-prove = Prove it
    .text = { $count ->
        [2] Type two words from the page.
       *[other] Type { $count } words from the page.
    } Capital letters do not matter.
    .word = Word { $place }
    .right = That is right.
    .wrong = That is not word { $place }. Look for the number { $place } on the page of the { $kit }.
    .missing = Type word { $place } from the page.
    .first = Print the page or save it first: the words are only there.

kit-entry-words = The 24 words, or the line
    .hint = Type the words in order, with spaces between them. Capital letters and numbers do not matter. You can also paste the line that begins with AGE-SECRET-KEY-PQ-1.
    .missing = Type the 24 words of your personal kit, paste its line, or choose its file.
kit-entry-file = Choose the saved file
    .read = { $name } was read.
    .unreadable = { $name } is not a kit file. Choose the text file that was saved with “Save as a file”.
kit-entry-count = { $count ->
    [one] { $count } word of 24
   *[other] { $count } words of 24
}
kit-fault-word-count = A kit has 24 words, but these are { $found }. Compare them with the page.
kit-fault-unknown-word = Word { $position }, “{ $word }”, is not a kit word. Check its spelling on the page.
kit-fault-checksum = Each word exists, but together they do not fit. One is another word than on the page, or two are swapped.
