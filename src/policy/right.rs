//! The rights, and which role holds them. `tests/golden/permissions.txt` is the reviewed matrix of this file.

use crate::domain::role::Role;

/// Something that can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Make and spend claim codes.
    ClaimPractice,
    /// Enter name, owner and kits for the first time.
    SetUpPractice,
    /// Try to sign in or unlock.
    SignIn,
    /// Look at an invite and join by it.
    Join,
    /// See and change one's own account: keyring, slots, sessions, kits.
    OwnAccount,
    /// Lock one's session or sign out.
    EndSession,
    /// Add clients, rename them, invite them.
    ManageClients,
    /// Read what one's spaces hold.
    ReadSpaces,
    /// Change rosters and grants of one's spaces.
    ChangeRosters,
    /// Write sealed records into one's spaces.
    WriteRecords,
    /// Upload sealed files into one's spaces.
    UploadFiles,
    /// Accept a restored server.
    SignRestore,
    /// See when the last backup was made.
    SeeBackups,
    /// Make backups and restore them, on the server's machine.
    Operate,
    /// Alcove's own clean-up and expiry.
    Housekeep,
}

impl Right {
    /// Every right, in the order of the reviewed matrix.
    pub const ALL: [Self; 15] = [
        Self::ClaimPractice,
        Self::SetUpPractice,
        Self::SignIn,
        Self::Join,
        Self::OwnAccount,
        Self::EndSession,
        Self::ManageClients,
        Self::ReadSpaces,
        Self::ChangeRosters,
        Self::WriteRecords,
        Self::UploadFiles,
        Self::SignRestore,
        Self::SeeBackups,
        Self::Operate,
        Self::Housekeep,
    ];

    pub(super) const fn of_role(self, role: Role) -> bool {
        match self {
            Self::SignIn
            | Self::OwnAccount
            | Self::EndSession
            | Self::ReadSpaces
            | Self::ChangeRosters
            | Self::WriteRecords
            | Self::UploadFiles => true,
            Self::ManageClients => matches!(role, Role::Owner | Role::Practitioner),
            Self::SignRestore | Self::SeeBackups => matches!(role, Role::Owner),
            Self::ClaimPractice | Self::SetUpPractice | Self::Join | Self::Operate | Self::Housekeep => false,
        }
    }

    /// A locked session may finish uploads, flush what was sealed before the lock, unlock and end.
    pub(super) const fn while_locked(self) -> bool {
        matches!(self, Self::SignIn | Self::EndSession | Self::WriteRecords | Self::UploadFiles)
    }

    pub(super) const fn of_founder(self) -> bool {
        matches!(self, Self::SetUpPractice | Self::SignIn)
    }

    pub(super) const fn of_visitor(self) -> bool {
        matches!(self, Self::ClaimPractice | Self::SignIn | Self::Join)
    }

    pub(super) const fn of_operator(self) -> bool {
        matches!(self, Self::ClaimPractice | Self::Operate)
    }

    pub(super) const fn of_system(self) -> bool {
        matches!(self, Self::Housekeep)
    }
}
