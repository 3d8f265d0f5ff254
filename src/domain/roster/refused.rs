//! Why a roster entry is refused: each reason has a name that devices show and log.

/// A rule that an entry broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterRefused {
    /// Not an entry of a kind that is known.
    #[error("this is not a roster entry that this version knows")]
    Malformed,
    /// The signature is not the expected member's or invite's.
    #[error("the signature of a roster entry is not valid")]
    BadSignature,
    /// Written for another space.
    #[error("a roster entry belongs to another space")]
    WrongSpace,
    /// Its number or the hash of its predecessor does not continue the chain.
    #[error("a roster entry does not continue the chain")]
    WrongPlace,
    /// By someone who is no member.
    #[error("a roster entry is by someone who is not a member")]
    NotAMember,
    /// The member's role lacks the right.
    #[error("the member who signed may not do that in this space")]
    NotAllowed,
    /// The member's place has ended by itself.
    #[error("a roster entry is by someone whose time in this space has ended")]
    Ended,
    /// Whoever may change the roster has no end.
    #[error("whoever may change the roster of a space is in it without an end")]
    EndUnfit,
    /// It names someone who is no member.
    #[error("a roster entry names someone who is not a member")]
    NoSuchMember,
    /// Somebody joins who is a member already.
    #[error("somebody joins who is a member already")]
    AlreadyMember,
    /// It gives a member other keys or another role than the chain has.
    #[error("a roster entry gives a member other keys than the chain does")]
    KeysDiffer,
    /// A role that the genesis entry does not define.
    #[error("a roster entry uses a role that this space does not have")]
    NoSuchRole,
    /// An invite that the chain does not have.
    #[error("a roster entry names an invite that this space does not have")]
    NoSuchInvite,
    /// The invite was used.
    #[error("this invite was already used")]
    InviteSpent,
    /// The invite was taken back.
    #[error("this invite was taken back")]
    InviteRevoked,
    /// The invite waited too long.
    #[error("this invite has expired")]
    InviteExpired,
    /// It would wait longer than allowed, or has its id or epoch wrong.
    #[error("an invite of a roster entry breaks the rules for invites")]
    InviteUnfit,
    /// The join was made for another role or by another coach's invite.
    #[error("the join does not fit its invite")]
    JoinUnfit,
    /// Not the next epoch, or not built on the current one.
    #[error("the new epoch does not follow the current one")]
    EpochUnfit,
    /// After a join or a removal, an epoch by the same person has to follow.
    #[error("a new epoch has to follow in the same request")]
    EpochMissing,
    /// Nobody would be left who may change the roster.
    #[error("a space keeps at least one member who may change its roster")]
    LastKeeper,
    /// The space is closed.
    #[error("this space is closed")]
    Closed,
    /// More members than a space can have.
    #[error("this space has as many members as a space can have")]
    Full,
}

impl RosterRefused {
    /// The stable word for the API and for logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::BadSignature => "bad-signature",
            Self::WrongSpace => "wrong-space",
            Self::WrongPlace => "wrong-place",
            Self::NotAMember => "not-a-member",
            Self::NotAllowed => "not-allowed",
            Self::Ended => "ended",
            Self::EndUnfit => "end-unfit",
            Self::NoSuchMember => "no-such-member",
            Self::AlreadyMember => "already-member",
            Self::KeysDiffer => "keys-differ",
            Self::NoSuchRole => "no-such-role",
            Self::NoSuchInvite => "no-such-invite",
            Self::InviteSpent => "invite-spent",
            Self::InviteRevoked => "invite-revoked",
            Self::InviteExpired => "invite-expired",
            Self::InviteUnfit => "invite-unfit",
            Self::JoinUnfit => "join-unfit",
            Self::EpochUnfit => "epoch-unfit",
            Self::EpochMissing => "epoch-missing",
            Self::LastKeeper => "last-keeper",
            Self::Closed => "closed",
            Self::Full => "full",
        }
    }
}
