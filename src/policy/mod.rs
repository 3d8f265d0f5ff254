//! Who may do what: pure and total. The answer is a [`Permit`] that travels with the work; it has no public
//! constructor, so nothing reaches the store without a decision made here.

mod custom_role;
mod people;
mod right;
mod rights;

pub use custom_role::CustomRole;
pub use people::{OutOfReach, Party, keeps_an_owner, may_give, may_make, may_manage};
pub use right::Right;
pub use rights::Rights;

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
        /// What the role may do.
        rights: Rights,
        /// The device of the session.
        device: DeviceId,
        /// How well the session is proved.
        standing: PersonStanding,
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

/// How well a person's session is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonStanding {
    /// Whether the session is locked: it may then only finish what was already sealed.
    pub locked: bool,
    /// What has to be made good before the session works.
    pub owes: Owes,
    /// Whether the last proof is minutes old at most.
    pub fresh: bool,
}

/// What the practice's rules ask for and a session, or its holder, does not have. Until they do, what is left is getting
/// it, and leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owes {
    /// Nothing is missing.
    Nothing,
    /// A second factor: the session was proved without.
    SecondFactor,
    /// A new password: the old one ran out.
    NewPassword,
}

impl Owes {
    /// Why the work is refused meanwhile.
    const fn denial(self) -> Option<Denied> {
        match self {
            Self::Nothing => None,
            Self::SecondFactor => Some(Denied::FactorNeeded),
            Self::NewPassword => Some(Denied::PasswordExpired),
        }
    }
}

impl PersonStanding {
    /// A session that was just proved with everything that is asked for.
    pub const GOOD: Self = Self { locked: false, owes: Owes::Nothing, fresh: true };
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
    /// A second factor is asked for, and this session was proved without.
    #[error("this needs a second factor")]
    FactorNeeded,
    /// The password has run out.
    #[error("this needs a new password")]
    PasswordExpired,
    /// The role lacks the right.
    #[error("this role may not do that")]
    NotAllowed,
    /// The last proof is too old for this.
    #[error("this needs a fresh proof")]
    ProofTooOld,
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
        matches!(self.kind, ActorKind::Person { standing: PersonStanding { locked: true, .. }, .. })
    }

    /// What the actor may do as a person; nothing for the other kinds.
    #[must_use]
    pub const fn rights(&self) -> Rights {
        match self.kind {
            ActorKind::Person { rights, .. } => rights,
            _ => Rights::NONE,
        }
    }

    /// Asks for a proof of the last minutes, besides a right that does not.
    ///
    /// # Errors
    /// The last proof is too old.
    pub const fn must_be_fresh(&self) -> Result<(), Denied> {
        match self.kind {
            ActorKind::Person { standing: PersonStanding { fresh: false, .. }, .. } => Err(Denied::ProofTooOld),
            _ => Ok(()),
        }
    }

    /// Decides whether this actor holds a right at all. Membership of a space or ownership of a thing is decided
    /// by the caller with what the store knows, and answered as not found.
    ///
    /// # Errors
    /// Says why not.
    pub fn may(&self, right: Right) -> Result<Permit, Denied> {
        let doer = match self.kind {
            ActorKind::Person { person, rights, device, standing, .. } => {
                person_may(right, rights, standing)?;
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

/// The one order in which a person's session is judged: what it may come back with is said first.
const fn person_may(right: Right, rights: Rights, standing: PersonStanding) -> Result<(), Denied> {
    if standing.locked && !right.while_locked() {
        Err(Denied::Locked)
    } else if let (Some(denied), false) = (standing.owes.denial(), right.while_owing()) {
        Err(denied)
    } else if !rights.has(right) {
        Err(Denied::NotAllowed)
    } else if right.needs_fresh_proof() && !standing.fresh {
        Err(Denied::ProofTooOld)
    } else {
        Ok(())
    }
}
