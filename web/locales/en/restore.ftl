# After the server was restored from a backup.

restore = This server was restored from a backup
    .owner = Everybody can read, nobody can write until you confirm that you know of it. Confirm only if you, or somebody you asked, restored it. Devices then bring back what is newer than the backup.
    .member = You can read, but not write, until the owner of the practice confirms it. What you wrote is kept on this device. If it takes long, call the owner.
    .act = Confirm the restore
restore-signed = The restore is confirmed. Everybody can write again.
