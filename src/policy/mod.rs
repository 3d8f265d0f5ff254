//! Who may do what: pure and total. The answer is a [`Permit`] that travels with the work; it has no public
//! constructor, so nothing reaches the store without a decision made here.

mod right;

pub use right::Right;

use crate::domain::audit::Doer;
use crate::domain::id::{DeviceId, PersonId};
use crate::domain::role::Role;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What kind of asker.
    pub kind: ActorKind,
    /// The network they ask from, shortened to a prefix; `None` for the machine itself.
    pub network: Option<String>,
}

/// The kinds of asker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A person with a session.
    Person {
        /// Who.
        person: PersonId,
        /// Their role in the practice.
        role: Role,
        /// The device of the session.
        device: DeviceId,
        /// Whether the session is locked: it may then only finish what was already sealed.
        locked: bool,
    },
    /// A browser that has entered the claim code and sets the practice up.
    Founder,
    /// Anybody else on the network.
    Visitor,
    /// The command line on the server's machine.
    Operator,
    /// Alcove itself: clean-up, expiry.
    System,
}

/// Proof that a right was granted to an actor.
#[derive(Clone, Debug)]
pub struct Permit {
    right: Right,
    doer: Doer,
    network: Option<String>,
}

/// Why a right was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in.
    #[error("sign in first")]
    SignedOut,
    /// The session is locked.
    #[error("this session is locked")]
    Locked,
    /// The role lacks the right.
    #[error("this role may not do that")]
    NotAllowed,
}

impl Permit {
    /// The right that was granted.
    #[must_use]
    pub const fn right(&self) -> Right {
        self.right
    }

    /// Who it was granted to, as the audit log names them.
    #[must_use]
    pub const fn doer(&self) -> Doer {
        self.doer
    }

    /// The network prefix of the asker.
    #[must_use]
    pub fn network(&self) -> Option<&str> {
        self.network.as_deref()
    }

    /// The person it was granted to, if a person asked.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self.doer {
            Doer::Person { person, .. } => Some(person),
            _ => None,
        }
    }
}

impl Actor {
    /// An actor on the server's own machine.
    #[must_use]
    pub const fn local(kind: ActorKind) -> Self {
        Self { kind, network: None }
    }

    /// Whether the actor asks by a locked session.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        matches!(self.kind, ActorKind::Person { locked: true, .. })
    }

    /// Decides whether this actor holds a right at all. Membership of a space or ownership of a thing is decided
    /// by the caller with what the store knows, and answered as not found.
    ///
    /// # Errors
    /// Says why not.
    pub fn may(&self, right: Right) -> Result<Permit, Denied> {
        let doer = match self.kind {
            ActorKind::Person { person, role, device, locked } => {
                if locked && !right.while_locked() {
                    return Err(Denied::Locked);
                }
                if !right.of_role(role) {
                    return Err(Denied::NotAllowed);
                }
                Doer::Person { person, device: Some(device) }
            }
            ActorKind::Founder if right.of_founder() => Doer::Visitor,
            ActorKind::Visitor if right.of_visitor() => Doer::Visitor,
            ActorKind::Founder | ActorKind::Visitor => return Err(Denied::SignedOut),
            ActorKind::Operator if right.of_operator() => Doer::Operator,
            ActorKind::System if right.of_system() => Doer::System,
            ActorKind::Operator | ActorKind::System => return Err(Denied::NotAllowed),
        };
        Ok(Permit { right, doer, network: self.network.clone() })
    }
}
