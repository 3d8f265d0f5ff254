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
    /// To change how one signs in, with a fresh proof.
    ChangeSignIn,
    /// To lock one's session, sign out, or learn whether it is locked.
    EndSession,
    /// To add clients, rename them, invite them.
    ManageClients,
    /// To give clients into other hands whom one is not the practitioner of.
    HandClients,
    /// To read what one's spaces hold.
    ReadSpaces,
    /// To change rosters and grants of one's spaces.
    ChangeRosters,
    /// To write sealed records.
    WriteRecords,
    /// To upload sealed files.
    UploadFiles,
    /// To see who is in the practice.
    SeePeople,
    /// To change people's roles and states, with a fresh proof.
    ManagePeople,
    /// To make, change and remove roles, with a fresh proof.
    ManageRoles,
    /// To set the security policies, with a fresh proof.
    SetPolicy,
    /// To review who has access.
    ReviewAccess,
    /// To see everybody's sign-ins and what looks unusual.
    SeeSecurity,
    /// To take part in recovering somebody's access, with a fresh proof for all but looking.
    Recover,
    /// To accept a restored server.
    SignRestore,
    /// To see when the last backup was made.
    SeeBackups,
}
