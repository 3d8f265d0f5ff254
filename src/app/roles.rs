//! Roles: what one may do, read where somebody is recognised; and the roles that the practice makes for itself.

use super::changes::{account_change, security_change};
use super::people::{acting, active_owners, guard_confirmed, oneself, too_wide};
use super::{App, Error, Refusal};
use crate::app::account::field;
use crate::crypto::random;
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::id::{PersonId, RoleId};
use crate::domain::person::{Person, parse_name};
use crate::domain::role::Role;
use crate::policy::{Actor, CustomRole, Party, Permit, Right, Rights, may_give, may_make};
use crate::store::{Reads, WriteTx};

/// The most roles that a practice makes for itself.
const ROLES_MAX: usize = 50;

/// The most people whom one change of a role tells; a practice has far fewer who work in it.
const HOLDERS_TOLD_MAX: usize = 500;

/// A role, as those see it who look after people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSeen {
    /// Which.
    pub role: Role,
    /// The name of one of the practice's own making.
    pub name: Option<String>,
    /// What it may do.
    pub rights: Rights,
    /// How many people have it, closed accounts aside.
    pub people: usize,
    /// Whether whoever asks may give it.
    pub givable: bool,
}

/// What to change about a role; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct RoleEdit {
    /// Another name.
    pub name: Option<String>,
    /// Other rights.
    pub rights: Option<Rights>,
}

impl App {
    /// All roles: those that every practice has, then its own.
    ///
    /// # Errors
    /// The actor may not see people.
    pub fn roles(&self, actor: &Actor) -> Result<Vec<RoleSeen>, Error> {
        let permit = actor.may(Right::SeePeople)?;
        self.read(|tx| {
            let by = acting(tx, &permit)?;
            let own: Vec<CustomRole> = tx.scan(&())?;
            let all = Role::BUILT_IN.into_iter().chain(own.into_iter().map(|role| Role::Custom(role.id)));
            all.map(|role| see(tx, &by, role)).collect()
        })
    }

    /// Makes a role.
    ///
    /// # Errors
    /// `role-too-wide`, `role-refused`, `field-refused`, `owner-unconfirmed`; or the actor may not make roles.
    pub fn add_role(&self, actor: &Actor, name: &str, rights: Rights) -> Result<RoleSeen, Error> {
        let permit = actor.may(Right::ManageRoles)?;
        self.write(|tx| {
            let by = maker(tx, &permit)?;
            check_rights(&by, rights)?;
            if tx.scan::<CustomRole>(&())?.len() >= ROLES_MAX {
                let detail = format!("a practice makes {ROLES_MAX} roles at most; remove one first");
                return Err(Refusal::new("role-refused", detail).into());
            }
            let made_at = tx.now();
            let id = RoleId::new(made_at, random::bytes());
            let role = CustomRole { id, name: free_name(tx, name, None)?, rights, by: by.person, made_at };
            tx.put(&role, &permit)?;
            tx.audit(&permit, Event::new("role.made").with("role", id).with("rights", words(rights)))?;
            see(tx, &by, Role::Custom(id))
        })
    }

    /// Renames a role or changes what it may do: neither before nor afterwards is it wider than whoever changes it.
    ///
    /// # Errors
    /// `role-too-wide`, `role-refused`, `field-refused`, `not-oneself` for one's own role; or there is no such role.
    pub fn edit_role(&self, actor: &Actor, id: RoleId, edit: &RoleEdit) -> Result<RoleSeen, Error> {
        let permit = actor.may(Right::ManageRoles)?;
        self.write(|tx| {
            let by = maker(tx, &permit)?;
            let mut role: CustomRole = tx.find(&id)?.ok_or(Error::NotFound)?;
            guard_own(&by, &role)?;
            if let Some(name) = &edit.name {
                role.name = free_name(tx, name, Some(id))?;
            }
            let before = role.rights;
            if let Some(rights) = edit.rights {
                check_rights(&by, rights)?;
                (role.rights, role.by) = (rights, by.person);
            }
            tx.put(&role, &permit)?;
            let event = Event::new("role.changed").with("role", id).with("rights", words(role.rights));
            if role.rights == before {
                tx.audit(&permit, event)?;
            } else {
                tell_of_rights(tx, &permit, event, id)?;
            }
            see(tx, &by, Role::Custom(id))
        })
    }

    /// Removes a role that nobody has.
    ///
    /// # Errors
    /// `role-in-use`, `role-too-wide`; or there is no such role.
    pub fn remove_role(&self, actor: &Actor, id: RoleId) -> Result<(), Error> {
        let permit = actor.may(Right::ManageRoles)?;
        self.write(|tx| {
            let by = maker(tx, &permit)?;
            let role: CustomRole = tx.find(&id)?.ok_or(Error::NotFound)?;
            guard_own(&by, &role)?;
            // Closed accounts name it for the history only; without a row it means what everybody may.
            let people = holders(tx, id)?.len();
            if people > 0 {
                let detail = "people have this role; give them another one first";
                return Err(Refusal::new("role-in-use", detail).with("people", people).into());
            }
            tx.remove::<CustomRole>(&id, &permit)?;
            Ok(tx.audit(&permit, Event::new("role.removed").with("role", id))?)
        })
    }
}

/// Who has a role and an account that is not closed.
fn holders(tx: &impl Reads, id: RoleId) -> Result<Vec<PersonId>, Error> {
    let people: Vec<Person> = tx.scan(&())?;
    let holds = |person: &Person| person.role == Role::Custom(id) && !person.is_deleted();
    Ok(people.into_iter().filter(holds).map(|person| person.person).collect())
}

/// What a role may do is another thing for everybody who has it: the entry names them, and they and the owners look.
fn tell_of_rights(tx: &mut WriteTx, permit: &Permit, event: Event, id: RoleId) -> Result<(), Error> {
    let mut told = holders(tx, id)?;
    told.truncate(HOLDERS_TOLD_MAX);
    tx.audit(permit, told.iter().copied().fold(event, Event::about))?;
    for holder in &told {
        security_change(tx, permit, *holder)?;
    }
    for owner in active_owners(tx)? {
        account_change(tx, permit, owner, ChangeKind::Security, &id)?;
    }
    Ok(())
}

/// The role of the practice's own making, if it is one.
///
/// # Errors
/// The store's trouble.
pub(super) fn custom_role(tx: &impl Reads, role: Role) -> Result<Option<CustomRole>, Error> {
    Ok(role.custom().map(|id| tx.find(&id)).transpose()?.flatten())
}

/// What a role may do now.
///
/// # Errors
/// The store's trouble.
pub(super) fn rights_of(tx: &impl Reads, role: Role) -> Result<Rights, Error> {
    let own = custom_role(tx, role)?.map_or(Rights::NONE, |own| own.rights);
    Ok(Rights::of(role).and(own))
}

fn see(tx: &impl Reads, by: &Party, role: Role) -> Result<RoleSeen, Error> {
    let rights = rights_of(tx, role)?;
    let people: Vec<Person> = tx.scan(&())?;
    Ok(RoleSeen {
        role,
        name: custom_role(tx, role)?.map(|own| own.name),
        rights,
        people: people.iter().filter(|person| person.role == role && !person.is_deleted()).count(),
        givable: may_give(by, role, rights),
    })
}

fn maker(tx: &impl Reads, permit: &Permit) -> Result<Party, Error> {
    let by = acting(tx, permit)?;
    guard_confirmed(tx, by.person)?;
    Ok(by)
}

fn check_rights(by: &Party, rights: Rights) -> Result<(), Error> {
    if let Some(right) = rights.iter().find(|right| !right.grantable()) {
        let detail = format!("{} is nothing that a role can be given", right.word());
        return Err(Refusal::new("role-refused", detail).into());
    }
    if may_make(by, rights) { Ok(()) } else { Err(too_wide().into()) }
}

fn guard_own(by: &Party, role: &CustomRole) -> Result<(), Error> {
    if by.role == Role::Custom(role.id) {
        return Err(oneself().into());
    }
    if may_make(by, role.rights) { Ok(()) } else { Err(too_wide().into()) }
}

/// A name that no other role has, so that nobody is given the wrong one.
fn free_name(tx: &WriteTx, text: &str, except: Option<RoleId>) -> Result<String, Error> {
    let name = field("name", parse_name(text))?;
    let roles: Vec<CustomRole> = tx.scan(&())?;
    let same = |known: &str| known.to_lowercase() == name.to_lowercase();
    let taken = roles.iter().any(|role| Some(role.id) != except && same(&role.name))
        || Role::BUILT_IN.iter().any(|role| same(&role.to_string()));
    if taken {
        Err(Refusal::new("role-refused", "another role has this name; choose another one").into())
    } else {
        Ok(name)
    }
}

fn words(rights: Rights) -> String {
    rights.iter().map(Right::word).collect::<Vec<_>>().join(" ")
}
