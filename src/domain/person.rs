//! People who can sign in, and what may stand in their open fields.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::id::PersonId;
use super::role::Role;

/// Characters of a name or label at most.
pub const NAME_MAX: usize = 120;
/// Characters of an e-mail address at most (RFC 5321).
pub const EMAIL_MAX: usize = 254;

/// Someone who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// Where notices go; none is fine.
    pub email: Option<String>,
    /// Their IANA time zone.
    pub zone: String,
    /// What they are in the practice.
    pub role: Role,
    /// Their public signing key.
    pub sign: [u8; 32],
    /// Their recipient, `age1pq1…`.
    pub recipient: String,
    /// Their key statement, as signed.
    pub statement: String,
    /// Salt of their directory leaf.
    pub salt: [u8; 16],
    /// Position of their directory leaf.
    pub leaf: u64,
    /// The kits they have proved to hold, by typing them.
    pub kits: KitsProved,
    /// When they joined.
    pub made_at: Timestamp,
    /// When they last signed in or unlocked.
    pub visited_at: Timestamp,
    /// The visit before that.
    pub visited_before_at: Option<Timestamp>,
    /// Whether they may come in.
    pub state: PersonState,
    /// When somebody last looked through their access and kept it.
    pub reviewed_at: Option<Timestamp>,
    /// When they last said by a fresh proof that they are still who looks after the practice.
    pub attested_at: Option<Timestamp>,
}

/// Whether somebody may come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PersonState {
    /// They may.
    #[default]
    Active,
    /// Not until somebody reinstates them.
    Suspended {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: SuspendedWhy,
    },
    /// Never again. The name stays for what they once did.
    Deleted {
        /// Since when.
        at: Timestamp,
    },
}

/// Why somebody was suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuspendedWhy {
    /// They did not come for longer than the policy allows.
    Inactive,
    /// Somebody suspended them.
    By(PersonId),
    /// It was done on the server's machine.
    Operator,
}

impl PersonState {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended { .. } => "suspended",
            Self::Deleted { .. } => "deleted",
        }
    }
}

impl SuspendedWhy {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::By(_) => "person",
            Self::Operator => "operator",
        }
    }
}

/// Which papers a person has proved to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KitsProved {
    /// The personal kit.
    pub personal: bool,
    /// The practice's restore kit.
    pub restore: bool,
}

impl Person {
    /// Whether everything was typed back that this person has to keep on paper. Only owners have to.
    #[must_use]
    pub const fn kits_proved(&self) -> bool {
        match self.role {
            Role::Owner => self.kits.personal && self.kits.restore,
            _ => self.kits.personal,
        }
    }

    /// Whether they may come in.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        matches!(self.state, PersonState::Active)
    }

    /// Whether their account was closed for good.
    #[must_use]
    pub const fn is_deleted(&self) -> bool {
        matches!(self.state, PersonState::Deleted { .. })
    }

    /// Whether work has to wait until the kits are proved.
    #[must_use]
    pub const fn waits_for_kits(&self) -> bool {
        matches!(self.role, Role::Owner) && !self.kits_proved()
    }

    /// Notes a visit.
    pub const fn visit(&mut self, now: Timestamp) {
        self.visited_before_at = Some(self.visited_at);
        self.visited_at = now;
    }
}

/// Why text does not fit its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// No name, too long, or control characters in it.
    #[error("a name or label has 1 to 120 characters and no line breaks")]
    Name,
    /// No e-mail address.
    #[error("an e-mail address looks like name@example.org")]
    Email,
    /// No known time zone.
    #[error("a time zone is named like Europe/Berlin")]
    Zone,
}

/// A name or label without surrounding space.
///
/// # Errors
/// Empty, too long, or with characters that break lines or turn the direction of text.
pub fn parse_name(text: &str) -> Result<String, FieldError> {
    let name = text.trim();
    let count = name.chars().count();
    if count == 0 || count > NAME_MAX || name.chars().any(is_disruptive) {
        return Err(FieldError::Name);
    }
    Ok(name.to_owned())
}

/// An e-mail address, by form only: whether it works is for a message to find out.
///
/// # Errors
/// Not of the form `name@host`.
pub fn parse_email(text: &str) -> Result<String, FieldError> {
    let email = text.trim();
    let fits = email.len() <= EMAIL_MAX && !email.chars().any(|c| c.is_whitespace() || is_disruptive(c));
    match email.rsplit_once('@') {
        Some((local, host)) if fits && !local.is_empty() && is_host(host) && !email.contains([',', ';', '<', '>']) => {
            Ok(email.to_owned())
        }
        _ => Err(FieldError::Email),
    }
}

/// The name of a time zone of the IANA data base.
///
/// # Errors
/// There is no such zone.
pub fn parse_zone(text: &str) -> Result<String, FieldError> {
    let zone = TimeZone::get(text).map_err(|_| FieldError::Zone)?;
    zone.iana_name().map(str::to_owned).ok_or(FieldError::Zone)
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && !host.starts_with(['.', '-']) && !host.ends_with('.') && !host.contains("..")
}

/// Control characters and the marks that reorder displayed text.
fn is_disruptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_cannot_disturb_a_page() {
        assert_eq!(parse_name("  Ada  ").as_deref(), Ok("Ada"));
        for bad in ["", "   ", "a\nb", "abc\u{202e}cba", &"x".repeat(121)] {
            assert_eq!(parse_name(bad), Err(FieldError::Name));
        }
    }

    #[test]
    fn addresses_are_checked_by_form() {
        assert!(parse_email("ada@example.org").is_ok());
        for bad in ["ada", "@example.org", "ada@", "ada@x\r\nBcc: b@c", "a b@c.org", "a@b.org,c@d.org", "<a@b.org>"] {
            assert_eq!(parse_email(bad), Err(FieldError::Email));
        }
    }

    #[test]
    fn zones_are_iana_names() {
        assert_eq!(parse_zone("Europe/Berlin").as_deref(), Ok("Europe/Berlin"));
        assert_eq!(parse_zone("Mars/Olympus"), Err(FieldError::Zone));
    }
}
