//! Rows of people.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, parse, to_ms};
use crate::domain::id::PersonId;
use crate::domain::person::{KitsProved, Person, PersonState, SuspendedWhy};

#[derive(Serialize, Deserialize)]
struct PersonV1 {
    person: [u8; 16],
    name: String,
    email: Option<String>,
    zone: String,
    role: String,
    sign: [u8; 32],
    recipient: String,
    statement: String,
    salt: [u8; 16],
    leaf: u64,
    personal_kit: bool,
    restore_kit: bool,
    made_ms: i64,
    visited_ms: i64,
    visited_before_ms: Option<i64>,
}

/// The second version: the first one's fields, then these.
#[derive(Serialize, Deserialize)]
struct PersonV2 {
    before: PersonV1,
    state: StateV2,
    reviewed_ms: Option<i64>,
    attested_ms: Option<i64>,
}

#[derive(Serialize, Deserialize)]
enum StateV2 {
    Active,
    Suspended { at_ms: i64, why: WhyV2 },
    Deleted { at_ms: i64 },
}

#[derive(Serialize, Deserialize)]
enum WhyV2 {
    Inactive,
    By([u8; 16]),
    Operator,
}

impl Row for Person {
    const TABLE: &'static str = "people";
    const VERSION: u8 = 2;
    type Key = PersonId;

    fn key(&self) -> PersonId {
        self.person
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&PersonV2 {
            before: PersonV1 {
                person: *self.person.as_bytes(),
                name: self.name.clone(),
                email: self.email.clone(),
                zone: self.zone.clone(),
                role: self.role.to_string(),
                sign: self.sign,
                recipient: self.recipient.clone(),
                statement: self.statement.clone(),
                salt: self.salt,
                leaf: self.leaf,
                personal_kit: self.kits.personal,
                restore_kit: self.kits.restore,
                made_ms: to_ms(self.made_at),
                visited_ms: to_ms(self.visited_at),
                visited_before_ms: self.visited_before_at.map(to_ms),
            },
            state: state_row(self.state),
            reviewed_ms: self.reviewed_at.map(to_ms),
            attested_ms: self.attested_at.map(to_ms),
        })
    }

    fn decode(version: u8, body: &[u8]) -> Result<Self, RowError> {
        let row = match version {
            1 => {
                let before = decode_body(Self::TABLE, body)?;
                PersonV2 { before, state: StateV2::Active, reviewed_ms: None, attested_ms: None }
            }
            _ => decode_body(Self::TABLE, body)?,
        };
        let PersonV2 { before, state, reviewed_ms, attested_ms } = row;
        Ok(Self {
            person: PersonId::from_bytes(before.person),
            name: before.name,
            email: before.email,
            zone: before.zone,
            role: parse(Self::TABLE, &before.role)?,
            sign: before.sign,
            recipient: before.recipient,
            statement: before.statement,
            salt: before.salt,
            leaf: before.leaf,
            kits: KitsProved { personal: before.personal_kit, restore: before.restore_kit },
            made_at: instant(before.made_ms)?,
            visited_at: instant(before.visited_ms)?,
            visited_before_at: before.visited_before_ms.map(instant).transpose()?,
            state: state_of(state)?,
            reviewed_at: reviewed_ms.map(instant).transpose()?,
            attested_at: attested_ms.map(instant).transpose()?,
        })
    }
}

fn instant(ms: i64) -> Result<Timestamp, RowError> {
    from_ms(Person::TABLE, ms)
}

fn state_row(state: PersonState) -> StateV2 {
    match state {
        PersonState::Active => StateV2::Active,
        PersonState::Deleted { at } => StateV2::Deleted { at_ms: to_ms(at) },
        PersonState::Suspended { at, why } => {
            let why = match why {
                SuspendedWhy::Inactive => WhyV2::Inactive,
                SuspendedWhy::By(person) => WhyV2::By(*person.as_bytes()),
                SuspendedWhy::Operator => WhyV2::Operator,
            };
            StateV2::Suspended { at_ms: to_ms(at), why }
        }
    }
}

fn state_of(row: StateV2) -> Result<PersonState, RowError> {
    Ok(match row {
        StateV2::Active => PersonState::Active,
        StateV2::Deleted { at_ms } => PersonState::Deleted { at: instant(at_ms)? },
        StateV2::Suspended { at_ms, why } => {
            let why = match why {
                WhyV2::Inactive => SuspendedWhy::Inactive,
                WhyV2::By(person) => SuspendedWhy::By(PersonId::from_bytes(person)),
                WhyV2::Operator => SuspendedWhy::Operator,
            };
            PersonState::Suspended { at: instant(at_ms)?, why }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RoleId;
    use crate::domain::role::Role;

    fn first_version() -> PersonV1 {
        PersonV1 {
            person: [1; 16],
            name: "Ada".to_owned(),
            email: None,
            zone: "Europe/Berlin".to_owned(),
            role: "owner".to_owned(),
            sign: [2; 32],
            recipient: "age1pq1x".to_owned(),
            statement: "s".to_owned(),
            salt: [3; 16],
            leaf: 1,
            personal_kit: true,
            restore_kit: false,
            made_ms: 1000,
            visited_ms: 2000,
            visited_before_ms: None,
        }
    }

    #[test]
    fn a_row_of_the_first_version_is_an_active_person() {
        let old = Person::decode(1, &encode_body(&first_version())).unwrap();
        assert_eq!((old.role, old.state, old.attested_at), (Role::Owner, PersonState::Active, None));
        assert_eq!(Person::decode(2, &old.encode()).unwrap(), old);
    }

    #[test]
    fn every_state_comes_back() {
        let old = Person::decode(1, &encode_body(&first_version())).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let why = [SuspendedWhy::Inactive, SuspendedWhy::By(old.person), SuspendedWhy::Operator];
        let suspended = why.map(|why| PersonState::Suspended { at, why });
        for state in suspended.into_iter().chain([PersonState::Deleted { at }]) {
            let role = Role::Custom(RoleId::from_bytes([9; 16]));
            let person = Person { state, role, reviewed_at: Some(at), attested_at: Some(at), ..old.clone() };
            assert_eq!(Person::decode(2, &person.encode()).unwrap(), person);
        }
    }
}
