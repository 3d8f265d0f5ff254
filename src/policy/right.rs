//! The rights, and what each asks of a session. `tests/golden/permissions.txt` is the reviewed matrix of this file and
//! of [`super::Rights`].

use std::str::FromStr;

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// Something that can be allowed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Right {
            $($(#[$doc])* $name,)*
        }

        impl Right {
            /// Every right, in the order of the reviewed matrix.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$name),*];

            /// The word for it in the API and in rows; never changed.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

rights! {
    /// Make and spend claim codes.
    ClaimPractice = "claim-practice",
    /// Enter name, owner and kits for the first time.
    SetUpPractice = "set-up-practice",
    /// Try to sign in or unlock.
    SignIn = "sign-in",
    /// Look at an invite and join by it.
    Join = "join",
    /// See one's own account and reseal one's keyring, prove one's kits.
    OwnAccount = "own-account",
    /// Change how one signs in: ways to unlock, second factors, devices.
    ChangeSignIn = "change-sign-in",
    /// Lock one's session or sign out.
    EndSession = "end-session",
    /// Add clients, rename them, invite them.
    ManageClients = "manage-clients",
    /// Give clients into other hands whom one is not the practitioner of.
    HandClients = "hand-clients",
    /// Read what one's spaces hold.
    ReadSpaces = "read-spaces",
    /// Change rosters and grants of one's spaces.
    ChangeRosters = "change-rosters",
    /// Write sealed records into one's spaces.
    WriteRecords = "write-records",
    /// Upload sealed files into one's spaces.
    UploadFiles = "upload-files",
    /// See who is in the practice, with which role and in which state.
    SeePeople = "see-people",
    /// Change people's roles, suspend them, close their accounts, reset how they sign in.
    ManagePeople = "manage-people",
    /// Make, change and remove roles.
    ManageRoles = "manage-roles",
    /// Set the security policies.
    SetPolicy = "set-policy",
    /// Review who has access, and sign the review.
    ReviewAccess = "review-access",
    /// See everybody's sign-ins and what looks unusual.
    SeeSecurity = "see-security",
    /// Accept a restored server.
    SignRestore = "sign-restore",
    /// Take part in recovering somebody's access.
    Recover = "recover",
    /// See when the last backup was made.
    SeeBackups = "see-backups",
    /// Make backups and restore them, recover accounts, on the server's machine.
    Operate = "operate",
    /// Alcove's own clean-up and expiry.
    Housekeep = "housekeep",
}

impl Right {
    /// Its place in a set of rights; sets are kept in memory only.
    pub(super) const fn bit(self) -> u32 {
        1 << self as u32
    }

    /// A locked session may finish uploads, flush what was sealed before the lock, unlock and end.
    #[must_use]
    pub const fn while_locked(self) -> bool {
        matches!(self, Self::SignIn | Self::EndSession | Self::WriteRecords | Self::UploadFiles)
    }

    /// What is left to a session that lacks a second factor or a new password which is asked for: getting it, and leaving.
    #[must_use]
    pub const fn while_owing(self) -> bool {
        matches!(self, Self::SignIn | Self::EndSession | Self::OwnAccount | Self::ChangeSignIn)
    }

    /// Whether it takes a proof of the last minutes, not only a session.
    #[must_use]
    pub const fn needs_fresh_proof(self) -> bool {
        matches!(self, Self::ChangeSignIn | Self::ManagePeople | Self::ManageRoles | Self::SetPolicy | Self::Recover)
    }

    /// Whether a role of the practice's own making may hold it.
    #[must_use]
    pub const fn grantable(self) -> bool {
        matches!(
            self,
            Self::ManageClients
                | Self::HandClients
                | Self::SeePeople
                | Self::ManagePeople
                | Self::ManageRoles
                | Self::SetPolicy
                | Self::ReviewAccess
                | Self::SeeSecurity
                | Self::SeeBackups
        )
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

impl FromStr for Right {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|right| right.word() == word).ok_or(())
    }
}
