//! Clients, and when the last backup was made.

use jiff::Timestamp;
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;

use super::space::SpaceMadeView;
use super::text::Text;
use crate::app::client::{ClientEdit, ClientMade, ClientSeen, InviteSeen};
use crate::app::scrub::Safety;
use crate::domain::id::{ClientId, InviteId, PersonId, SpaceId};
use crate::domain::scrub::Pass;
use crate::http::Problem;

/// A client.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Client")]
pub struct ClientView {
    /// Their id.
    pub client: Text<ClientId>,
    /// What the practice calls them.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Their time zone, once they joined.
    pub zone: Option<String>,
    /// When they were added.
    pub created_at: Text<Timestamp>,
    /// The account they joined with.
    pub person: Option<Text<PersonId>>,
    /// `added`, `invited`, `joined` or `verified`.
    pub state: String,
    /// The space shared with them.
    pub shared: Text<SpaceId>,
    /// One's own space about them, once it was begun.
    pub own: Option<Text<SpaceId>>,
    /// Who looks after them.
    pub practitioner: Text<PersonId>,
    /// One's own role in the space shared with them: `practitioner`, `cover` or `supervisor`.
    pub place: String,
    /// Their last invite.
    pub invite: Option<InviteSeenView>,
    /// For `If-Match` when they are edited.
    pub etag: String,
}

/// An invite, as the list of clients shows it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "InviteSeen")]
pub struct InviteSeenView {
    /// Its id.
    pub invite: Text<InviteId>,
    /// Until when.
    pub expires_at: Text<Timestamp>,
    /// `open`, `spent`, `revoked` or `expired`.
    pub state: String,
}

/// The clients.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Clients")]
pub struct ClientsView {
    /// Oldest first.
    pub clients: Vec<ClientView>,
}

/// A client to be added.
#[derive(Clone, Debug, Object)]
#[oai(rename = "ClientMade")]
pub struct ClientMadeView {
    /// Their id, made on the device.
    pub client: Text<ClientId>,
    /// What to call them.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// The space to share with them.
    pub shared: SpaceMadeView,
    /// The practitioner's own space about them.
    pub own: SpaceMadeView,
}

/// What to change about a client; what is absent stays.
#[derive(Clone, Debug, Object)]
#[oai(rename = "ClientEdit")]
pub struct ClientEditView {
    /// Another name.
    pub name: Option<String>,
    /// Another address; null or empty text takes it away.
    pub email: MaybeUndefined<String>,
}

/// The last backup.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Backups")]
pub struct BackupsView {
    /// The last one, if there was any.
    pub last: Option<BackupView>,
    /// The last background check of everything that the practice holds.
    pub checked: Option<PassView>,
    /// The one that is under way.
    pub checking: Option<PassView>,
    /// When the practice's file went back to its last whole state at a start, if that was in the last 30 days.
    pub file_recovered_at: Option<Text<Timestamp>>,
    /// When the file last failed and was opened anew, if that was in the last 30 days.
    pub file_reopened_at: Option<Text<Timestamp>>,
    /// Whether the server's disk takes nothing new.
    pub disk_full: bool,
}

/// A background check.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Pass")]
pub struct PassView {
    /// When it began.
    pub began_at: Text<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Text<Timestamp>>,
    /// Bytes looked at.
    pub bytes: u64,
    /// Database rows looked at.
    pub rows: u64,
    /// Sealed files looked at.
    pub files: u64,
    /// How many things are wrong.
    pub found: u64,
    /// The first of them, in English.
    pub findings: Vec<String>,
}

/// One backup.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Backup")]
pub struct BackupView {
    /// When its state was taken.
    pub at: Text<Timestamp>,
    /// Its size.
    pub size_bytes: u64,
    /// Database rows in it.
    pub records: u64,
    /// Whether it was test-restored.
    pub verified: bool,
}

impl From<ClientSeen> for ClientView {
    fn from(seen: ClientSeen) -> Self {
        let client = seen.client;
        Self {
            client: Text(client.id),
            etag: etag(client.version),
            name: client.name,
            email: client.email,
            zone: seen.zone,
            created_at: Text(client.made_at),
            person: client.person.map(Text),
            state: seen.state.word().to_owned(),
            shared: Text(client.shared),
            own: seen.own.map(Text),
            practitioner: Text(client.by),
            place: seen.place,
            invite: seen.invite.map(Into::into),
        }
    }
}

impl From<InviteSeen> for InviteSeenView {
    fn from(seen: InviteSeen) -> Self {
        let state = seen.standing.word().to_owned();
        Self { invite: Text(seen.invite), expires_at: Text(seen.expires_at), state }
    }
}

impl From<Vec<ClientSeen>> for ClientsView {
    fn from(clients: Vec<ClientSeen>) -> Self {
        Self { clients: clients.into_iter().map(Into::into).collect() }
    }
}

impl From<ClientMadeView> for ClientMade {
    fn from(view: ClientMadeView) -> Self {
        let (shared, own) = (view.shared.into(), view.own.into());
        Self { client: view.client.0, name: view.name, email: view.email, shared, own }
    }
}

impl From<ClientEditView> for ClientEdit {
    fn from(view: ClientEditView) -> Self {
        let email = match view.email {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(String::new()),
            MaybeUndefined::Value(address) => Some(address),
        };
        Self { name: view.name, email }
    }
}

impl From<Pass> for PassView {
    fn from(pass: Pass) -> Self {
        let Pass { began_at, ended_at, bytes, rows, files, found, findings, .. } = pass;
        Self { began_at: Text(began_at), ended_at: ended_at.map(Text), bytes, rows, files, found, findings }
    }
}

impl From<Safety> for BackupsView {
    fn from(safety: Safety) -> Self {
        let Safety { backup, scrub, disk_full, trouble } = safety;
        let last = backup.map(|last| BackupView {
            at: Text(last.made_at),
            size_bytes: last.size_bytes,
            records: last.rows,
            verified: last.proven_at.is_some(),
        });
        Self {
            last,
            checked: scrub.last.map(Into::into),
            checking: scrub.under_way.map(Into::into),
            file_recovered_at: trouble.recovered_at.map(Text),
            file_reopened_at: trouble.reopened_at.map(Text),
            disk_full,
        }
    }
}

fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

/// The version that an `If-Match` header names; `None` for no header and for `*`.
///
/// # Errors
/// Another form.
pub fn version(if_match: Option<&str>) -> Result<Option<u64>, Problem> {
    match if_match.map(str::trim) {
        None | Some("*") => Ok(None),
        Some(tag) => {
            let number = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.parse().ok());
            Ok(Some(number.ok_or_else(|| Problem::bad_request("If-Match names an etag that was given here, or *."))?))
        }
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ParseFromJSON;

    use super::*;

    #[test]
    fn an_absent_address_stays_and_null_takes_it_away() {
        let edit = |body: &str| ClientEdit::from(ClientEditView::parse_from_json_string(body).unwrap());
        assert_eq!(edit("{}").email, None);
        assert_eq!(edit(r#"{"email":null}"#).email.as_deref(), Some(""));
        assert_eq!(edit(r#"{"email":"a@b.example"}"#).email.as_deref(), Some("a@b.example"));
        assert_eq!(edit(r#"{"email":null}"#).name, None);
    }

    #[test]
    fn etags_come_back_as_versions() {
        assert_eq!(version(Some(&etag(7))).unwrap(), Some(7));
        assert_eq!(version(Some("*")).unwrap(), None);
        assert_eq!(version(None).unwrap(), None);
        assert!(version(Some("7")).is_err() && version(Some("\"x\"")).is_err());
    }
}
