//! The whole matrix of who holds which right is a reviewed file, and the decision itself is what is tested.

use std::fmt::Write as _;

use alcove::domain::id::{DeviceId, PersonId, RoleId};
use alcove::domain::role::Role;
use alcove::policy::{Actor, ActorKind, Denied, Owes, PersonStanding, Right, Rights};

use crate::openapi::golden;

type Column = (String, ActorKind);

/// Every role, and one of the practice's own making that may look after people.
fn people(standing: PersonStanding) -> Vec<Column> {
    let (person, device) = (PersonId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
    let of = |name: String, role, rights| (name, ActorKind::Person { person, role, rights, device, standing });
    let mut all: Vec<_> = Role::BUILT_IN.iter().map(|role| of(role.to_string(), *role, Rights::of(*role))).collect();
    let own = Role::Custom(RoleId::from_bytes([3; 16]));
    let given = Rights::from_all(&[Right::SeePeople, Right::ManagePeople]);
    all.push(of("see+manage people".to_owned(), own, Rights::of(own).and(given)));
    all
}

fn others() -> Vec<Column> {
    let all = [ActorKind::Founder, ActorKind::Visitor, ActorKind::Operator, ActorKind::System];
    all.into_iter().map(|kind| (format!("{kind:?}").to_lowercase(), kind)).collect()
}

fn table(text: &mut String, title: &str, columns: &[Column]) {
    let names: Vec<_> = columns.iter().map(|(name, _)| format!("{name:17}")).collect();
    writeln!(text, "\n{title:28}| {}", names.join(" | ").trim_end()).unwrap();
    for right in Right::ALL {
        let verdicts: Vec<_> = columns.iter().map(|(_, kind)| format!("{:17}", verdict(*kind, right))).collect();
        writeln!(text, "  {:26}| {}", format!("{right:?}"), verdicts.join(" | ").trim_end()).unwrap();
    }
}

fn verdict(kind: ActorKind, right: Right) -> &'static str {
    match Actor::local(kind).may(right) {
        Ok(_) => "yes",
        Err(Denied::SignedOut) => "sign in",
        Err(Denied::Locked) => "locked",
        Err(Denied::FactorNeeded) => "factor needed",
        Err(Denied::PasswordExpired) => "new password",
        Err(Denied::NotAllowed) => "no",
        Err(Denied::ProofTooOld) => "proof too old",
    }
}

#[test]
fn golden_permissions() {
    let good = PersonStanding::GOOD;
    let mut text = String::from("# Who holds which right. Membership of a space is decided besides.\n");
    table(&mut text, "just proved", &people(good));
    table(&mut text, "not proved for 15 minutes", &people(PersonStanding { fresh: false, ..good }));
    table(&mut text, "without the second factor", &people(PersonStanding { owes: Owes::SecondFactor, ..good }));
    table(&mut text, "with an old password", &people(PersonStanding { owes: Owes::NewPassword, ..good }));
    table(&mut text, "locked", &people(PersonStanding { locked: true, fresh: false, ..good }));
    table(&mut text, "not a person", &others());
    let grantable: Vec<_> = Right::ALL.into_iter().filter(|right| right.grantable()).map(Right::word).collect();
    writeln!(text, "\ncan be given to a role of one's own making: {}", grantable.join(", ")).unwrap();
    golden("tests/golden/permissions.txt", &text);
}

/// A permit for a right that asks for a fresh proof is not had by one that does not ask.
#[test]
fn freshness_can_be_asked_for_besides_a_right() {
    let stale = people(PersonStanding { fresh: false, ..PersonStanding::GOOD });
    assert!(stale.iter().all(|(_, kind)| Actor::local(*kind).must_be_fresh() == Err(Denied::ProofTooOld)));
    assert!(others().iter().all(|(_, kind)| Actor::local(*kind).must_be_fresh().is_ok()));
}
