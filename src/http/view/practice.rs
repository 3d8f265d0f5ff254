//! The practice from outside, and setting it up.

use poem_openapi::Object;

use super::account::{AccountView, DeviceView};
use super::space::SpaceMadeView;
use super::text::Text;
use crate::app::practice::{Doorplate, SetUp};
use crate::domain::id::InstallId;
use crate::http::Problem;

/// What anybody may see of the practice.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Practice")]
pub struct PracticeView {
    /// Its name, once it is set up.
    pub name: Option<String>,
    /// `unclaimed`, `claimed` or `active`.
    pub state: String,
    /// Its time zone, once it is set up.
    pub zone: Option<String>,
    /// Its origin, or before set-up the one that it is served at.
    pub origin: Option<String>,
    /// Which passwords are taken, `nist` or `strict`; the device judges them.
    pub password_profile: String,
    /// Whether a restore waits for an owner's signature.
    pub restore_pending: bool,
    /// Version of the server.
    pub version: String,
    /// Fingerprint of the backup-signing key, which the restore kit prints.
    pub backup_key: String,
    /// The installation.
    pub install: Text<InstallId>,
}

/// A claim code as typed.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Claim")]
pub struct ClaimView {
    /// The code; case, spaces and dashes do not matter.
    pub code: String,
}

/// What set-up needs.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SetUp")]
pub struct SetUpView {
    /// The practice's name.
    pub name: String,
    /// Its IANA time zone.
    pub zone: String,
    /// Its origin, as the device sees it.
    pub origin: String,
    /// The first owner.
    pub owner: AccountView,
    /// The owner's notebook.
    pub notebook: SpaceMadeView,
    /// The recipient of the restore kit, `age1pq1…`.
    pub restore_kit: String,
    /// The device.
    pub device: DeviceView,
}

impl From<Doorplate> for PracticeView {
    fn from(plate: Doorplate) -> Self {
        let (name, zone) = plate.practice.map(|practice| (practice.name, practice.zone)).unzip();
        Self {
            name,
            zone,
            state: plate.state.word().to_owned(),
            origin: plate.origin.map(|origin| origin.to_string()),
            password_profile: plate.profile.word().to_owned(),
            restore_pending: plate.restore_pending,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            backup_key: plate.backup_key,
            install: Text(plate.install),
        }
    }
}

impl TryFrom<SetUpView> for SetUp {
    type Error = Problem;

    fn try_from(view: SetUpView) -> Result<Self, Problem> {
        let origin = view.origin.parse().map_err(|_| Problem::bad_request("The origin is no https origin."))?;
        Ok(Self {
            name: view.name,
            zone: view.zone,
            origin,
            owner: view.owner.try_into()?,
            notebook: view.notebook.into(),
            restore_kit: view.restore_kit,
            device: view.device.into(),
        })
    }
}
