//! The right that an operation needs, as a tag in the API's description.

use poem_openapi::Tags;

/// The right that an operation asks for. The names are those of `policy::Right`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Tags)]
pub enum Needs {
    /// Nothing: anybody may see it.
    Nothing,
    /// To spend a claim code.
    ClaimPractice,
    /// To set the practice up.
    SetUpPractice,
    /// To try to sign in or unlock.
    SignIn,
    /// To look at an invite and join by it.
    Join,
    /// To see and change one's own account.
    OwnAccount,
    /// To lock one's session, sign out, or learn whether it is locked.
    EndSession,
    /// To add clients, rename them, invite them.
    ManageClients,
    /// To read what one's spaces hold.
    ReadSpaces,
    /// To change rosters and grants of one's spaces.
    ChangeRosters,
    /// To write sealed records.
    WriteRecords,
    /// To upload sealed files.
    UploadFiles,
    /// To accept a restored server.
    SignRestore,
    /// To see when the last backup was made.
    SeeBackups,
}
