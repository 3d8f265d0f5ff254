//! The whole matrix of who holds which right is a reviewed file, and the decision itself is what is tested.

use std::fmt::Write as _;

use alcove::domain::id::{DeviceId, PersonId};
use alcove::domain::role::Role;
use alcove::policy::{Actor, ActorKind, Denied, Right};

use crate::openapi::golden;

fn person(role: Role, locked: bool) -> ActorKind {
    let (person, device) = (PersonId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
    ActorKind::Person { person, role, device, locked }
}

#[test]
fn golden_permissions() {
    let mut actors: Vec<_> = Role::ALL.iter().map(|role| (role.word().to_owned(), person(*role, false))).collect();
    actors.extend(Role::ALL.iter().map(|role| (format!("{}, locked", role.word()), person(*role, true))));
    actors.push(("founder".into(), ActorKind::Founder));
    actors.push(("visitor".into(), ActorKind::Visitor));
    actors.push(("operator".into(), ActorKind::Operator));
    actors.push(("system".into(), ActorKind::System));
    let mut text = String::from("# Who holds which right. Membership of a space is decided besides.\n");
    for (name, kind) in actors {
        writeln!(text, "\n{name}").unwrap();
        for right in Right::ALL {
            let verdict = match Actor::local(kind).may(right) {
                Ok(_) => "yes",
                Err(Denied::SignedOut) => "sign in",
                Err(Denied::Locked) => "locked",
                Err(Denied::NotAllowed) => "no",
            };
            writeln!(text, "  {:15} {verdict}", format!("{right:?}")).unwrap();
        }
    }
    golden("tests/golden/permissions.txt", &text);
}
