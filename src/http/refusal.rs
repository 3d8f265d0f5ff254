//! How the application's errors are told: the catalogue of codes with their statuses, titles and next steps.

use poem::http::StatusCode;
use serde_json::Value;

use super::Problem;
use crate::app::{Error, Refusal};
use crate::policy::Denied;
use crate::store::StoreError;

/// A code of the application: its status, its title, and what the person does next.
type Line = (&'static str, StatusCode, &'static str, &'static str);

/// After a failure the file is opened anew at most once a second.
const DISK_RETRY_S: u64 = 2;
const GONE: StatusCode = StatusCode::GONE;
const CONFLICT: StatusCode = StatusCode::CONFLICT;
const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Every code that a rule can answer with. A code that is missing here is answered as 422.
#[rustfmt::skip]
const CATALOGUE: &[Line] = &[
    ("account-suspended", FORBIDDEN, "Your account is suspended", "Ask the practice's owner or an admin to let you in again."),
    ("already-claimed", CONFLICT, "This practice is set up already", "Sign in instead."),
    ("case-open", CONFLICT, "A case about this person was begun already", "Finish or stop that one first."),
    ("case-over", CONFLICT, "This case has ended", "Begin another one if it is still needed."),
    ("case-unopened", CONFLICT, "You have not opened this case", "Open it first."),
    ("changed-meanwhile", StatusCode::PRECONDITION_FAILED, "It was changed meanwhile", "Fetch it again and repeat the change."),
    ("claim-expired", GONE, "This claim code is too old", "Run `alcove claim` on the server for a new one."),
    ("claim-spent", GONE, "This claim code was used already", "Run `alcove claim` on the server for a new one."),
    ("claim-wrong", FORBIDDEN, "This is not the claim code", "Type the newest one that the server printed."),
    ("client-exists", CONFLICT, "This client is here already", "Fetch the list of clients again."),
    ("endorsement-refused", UNPROCESSABLE, "This signature does not fit", "Reload the page and try again."),
    ("epoch-closed", CONFLICT, "The keys were changed meanwhile", "Seal it anew for the current epoch."),
    ("field-refused", UNPROCESSABLE, "A field does not fit", "Correct the named field."),
    ("file-refused", UNPROCESSABLE, "This file is not taken", "Choose the file again."),
    ("file-too-large", StatusCode::PAYLOAD_TOO_LARGE, "This file is too large", "Share a smaller file, or ask whoever runs the server to allow larger ones with --file-max."),
    ("grant-refused", UNPROCESSABLE, "A grant is not in order", "Fetch the roster again and repeat it."),
    ("halves-refused", UNPROCESSABLE, "The opened files do not fit the papers", "Fetch practice recovery again and type the paper's words once more."),
    ("hash-differs", UNPROCESSABLE, "The upload did not arrive whole", "Upload the file again from the beginning."),
    ("head-moved", CONFLICT, "Somebody wrote meanwhile", "Fetch the current version, merge, and write again."),
    ("idempotency-mismatch", CONFLICT, "This key was used for another request", "Make a new idempotency key."),
    ("idempotency-refused", StatusCode::BAD_REQUEST, "This idempotency key is not usable", "Use 1 to 64 plain characters."),
    ("invite-expired", GONE, "This invite waited too long", "Ask your coach for a new one."),
    ("invite-refused", UNPROCESSABLE, "This invite is not in order", "Make the invite again."),
    ("invite-revoked", GONE, "This invite was taken back", "Look for a newer one, or ask your coach for it."),
    ("invite-spent", GONE, "This invite was used already", "If that was not you, tell your coach at once."),
    ("key-refused", UNPROCESSABLE, "This security key is not taken", "Add it again, or use another one."),
    ("keyring-moved", CONFLICT, "The keyring was changed elsewhere", "Fetch the keyring and repeat the change."),
    ("keyring-refused", UNPROCESSABLE, "This is no keyring", "Reload the page and try again."),
    ("kit-proof-failed", FORBIDDEN, "This does not match the kit", "Check the paper and type it again."),
    ("kits-unproved", CONFLICT, "The kits are not proved yet", "Print both kits and type back what the page asks for."),
    ("last-factor", CONFLICT, "A second factor has to stay", "Add another one first, then remove this one."),
    ("last-owner", CONFLICT, "This is the last owner", "Make somebody else an owner first."),
    ("needs-another-owner", FORBIDDEN, "This takes another owner", "Ask another owner to confirm it with their paper."),
    ("needs-two-owners", CONFLICT, "Nobody is left who could confirm this", "It takes another owner whose paper is in the plan."),
    ("no-factor", CONFLICT, "There is no second factor yet", "Set up an authenticator app or a security key first."),
    ("no-plan", CONFLICT, "Practice recovery is switched off", "Ask an owner to set it up."),
    ("no-recovery-paper", CONFLICT, "Your paper is not part of practice recovery", "Ask an owner whose paper is, or set it up anew."),
    ("no-restore-kit", CONFLICT, "There is no restore kit yet", "Finish setting the practice up in the browser."),
    ("not-agreed", CONFLICT, "This person has not agreed to be helped back", "Invite them anew; what only they could open stays closed."),
    ("not-oneself", FORBIDDEN, "Nobody does this to themselves", "Ask somebody else who looks after people."),
    ("not-set-up", CONFLICT, "This practice is not set up yet", "Open the address that the server printed and set it up."),
    ("offset-moved", CONFLICT, "The upload stands elsewhere", "Go on from the offset in `received`."),
    ("origin-differs", CONFLICT, "The server is served at another origin", "Open it at its own address, or start it with --origin."),
    ("own-device", CONFLICT, "This is the device that you are using", "Sign out on it instead."),
    ("owner-unconfirmed", FORBIDDEN, "You are not confirmed as an owner yet", "Print both kits and type back what the page asks for."),
    ("paper-refused", UNPROCESSABLE, "This recovery paper is not in order", "Make the paper again."),
    ("passkey-refused", UNPROCESSABLE, "This passkey does not fit", "Make the passkey again."),
    ("passkeys-unavailable", CONFLICT, "Passkeys do not work at this address", "Use a password and a kit, or give the practice a host name."),
    ("person-ambiguous", CONFLICT, "Several people have this name", "Give their id."),
    ("person-beyond-you", FORBIDDEN, "This person may do more than you", "Ask an owner."),
    ("person-exists", CONFLICT, "This person is here already", "Sign in instead."),
    ("person-unknown", StatusCode::NOT_FOUND, "Nobody here has this id or name", "Look at the list of people."),
    ("plan-moved", CONFLICT, "Practice recovery was changed meanwhile", "Fetch it again and repeat the change."),
    ("plan-refused", UNPROCESSABLE, "Practice recovery cannot be set up like this", "Look at the owners and their papers, then make it again."),
    ("policy-refused", UNPROCESSABLE, "This policy is out of bounds", "Choose numbers within the bounds that are named."),
    ("quota-reached", StatusCode::INSUFFICIENT_STORAGE, "The practice's files take all the room they may take", "Ask whoever runs the server to raise --quota, then try again."),
    ("range-outside", StatusCode::RANGE_NOT_SATISFIABLE, "The file ends before that", "Ask for a range within its size."),
    ("reason-refused", UNPROCESSABLE, "This reason does not fit", "Write 3 to 500 characters."),
    ("record-refused", UNPROCESSABLE, "This record is not in order", "Reload the page and try again."),
    ("reoffer-closed", CONFLICT, "Nothing is taken back any more", "What only this device holds stays on it; write it again where it matters."),
    ("reoffer-refused", CONFLICT, "Nothing is taken back here", "Only a restored server takes things back; reload the page."),
    ("restore-kit-refused", UNPROCESSABLE, "This is no restore kit", "Make the kit again."),
    ("restore-not-pending", CONFLICT, "No restore waits for a signature", "Reload the page."),
    ("restore-refused", UNPROCESSABLE, "This signature does not fit the restore", "Reload the page and sign again."),
    ("restore-unsigned", CONFLICT, "A restored server waits for its owner", "Ask the practice's owner to sign in and accept the restore."),
    ("review-oneself", FORBIDDEN, "Nobody decides about themselves", "Ask somebody else who reviews access to decide about you."),
    ("review-open", CONFLICT, "A review was begun already", "Finish that one first."),
    ("review-signed", CONFLICT, "This review is signed", "Begin a new one."),
    ("review-undecided", CONFLICT, "Some people have no decision yet", "Decide about each of them, then sign."),
    ("role-in-use", CONFLICT, "People have this role", "Give them another role first."),
    ("role-refused", UNPROCESSABLE, "This role is not in order", "Choose another name, or rights that a role can be given."),
    ("role-too-wide", FORBIDDEN, "This role may do more than you", "Choose a narrower role, or ask an owner."),
    ("role-unfit", CONFLICT, "This role is not for this person", "Invite them anew for the other work."),
    ("roster-moved", CONFLICT, "The roster grew meanwhile", "Fetch it again, check it, and repeat the change."),
    ("roster-refused", UNPROCESSABLE, "The roster does not allow this", "Fetch the roster again; if it stays, do not write there and ask the other members."),
    ("second-factor-failed", FORBIDDEN, "The second factor does not fit", "Try again with a new code, or use another way."),
    ("second-factor-wanted", FORBIDDEN, "This needs the second factor as well", "Give a code of your authenticator app or a recovery code."),
    ("sign-in-expired", GONE, "The sign-in took too long", "Sign in again from the beginning."),
    ("sign-in-failed", StatusCode::UNAUTHORIZED, "Signing in did not work", "Try again, or use another way to unlock."),
    ("slots-refused", UNPROCESSABLE, "These ways to unlock do not fit together", "Keep a password or a kit beside a passkey."),
    ("space-closed", CONFLICT, "This space takes nothing new", "Write into another space."),
    ("space-exists", CONFLICT, "This space is here already", "Fetch your spaces again."),
    ("statement-refused", UNPROCESSABLE, "This key statement is not in order", "Reload the page and try again."),
    ("team-exists", CONFLICT, "The team is here already", "Fetch it and invite again."),
    ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "This is too large", "Send less at once."),
    ("too-many-attempts", StatusCode::TOO_MANY_REQUESTS, "Too many attempts", "Wait a moment, then try again."),
    ("totp-refused", UNPROCESSABLE, "This code does not fit", "Type the code that the app shows now, or begin again."),
    ("upload-overtaken", CONFLICT, "This upload goes on elsewhere", "Ask where it stands, and go on from there."),
];

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Denied(Denied::SignedOut) => Self::signed_out(),
            Error::Denied(Denied::Locked) => Self::session_locked(),
            Error::Denied(Denied::NotAllowed) => Self::not_allowed(),
            Error::Denied(Denied::FactorNeeded) => Self::factor_needed(),
            Error::Denied(Denied::PasswordExpired) => Self::password_expired(),
            Error::Denied(Denied::ProofTooOld) => Self::proof_too_old(),
            Error::Refused(refusal) => refusal.into(),
            Error::Store(StoreError::DiskFull) => Self::disk_full(),
            Error::Store(error) if error.is_of_the_disk() => {
                tracing::error!(error = &error as &dyn std::error::Error, "the disk failed");
                Self::disk_failing()
            }
            Error::Store(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
                Self::internal()
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let line = CATALOGUE.iter().find(|(code, ..)| *code == refusal.code);
        let (status, title, next) = line.map_or(
            (UNPROCESSABLE, "A rule says no", "Change what the detail names, then try again."),
            |(_, status, title, next)| (*status, *title, *next),
        );
        let problem = Self::new(status, refusal.code, title).detail(refusal.detail).next(next);
        refusal.facts.into_iter().fold(problem, with_fact)
    }
}

fn with_fact(problem: Problem, (name, value): (&'static str, String)) -> Problem {
    match value.parse::<u64>() {
        Ok(seconds) if name == "retry_after_s" => problem.retry_after_s(seconds),
        Ok(number) => problem.member(name, number),
        Err(_) => match value.as_str() {
            "true" => problem.member(name, true),
            "false" => problem.member(name, false),
            _ => problem.member(name, Value::String(value)),
        },
    }
}

impl Problem {
    /// The session is locked; it may only finish what was sealed before.
    #[must_use]
    pub fn session_locked() -> Self {
        Self::new(FORBIDDEN, "session-locked", "This session is locked")
            .next("Unlock it with your passkey or password.")
    }

    /// A second factor is asked for, and the session was proved without.
    #[must_use]
    pub fn factor_needed() -> Self {
        Self::new(FORBIDDEN, "factor-needed", "This needs a second factor")
            .next("Add an authenticator app, a security key or a passkey under Settings, then sign in with it.")
    }

    /// The password ran out, and the practice asks for a new one.
    #[must_use]
    pub fn password_expired() -> Self {
        Self::new(FORBIDDEN, "password-expired", "Your password is too old")
            .detail("This practice asks its owners and admins for a new password every 90 days.")
            .next("Make a new password under Settings.")
    }

    /// The last proof is too old for what is hard to undo.
    #[must_use]
    pub fn proof_too_old() -> Self {
        Self::new(FORBIDDEN, "proof-too-old", "This needs a fresh proof")
            .detail("What is hard to undo takes a proof of the last 15 minutes.")
            .next("Unlock again, then repeat it.")
    }

    /// The disk has no room.
    #[must_use]
    pub fn disk_full() -> Self {
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full", "The server's disk is full")
            .detail("Nothing that was acknowledged is lost; reading goes on.")
            .next("Ask whoever runs the server to free some space, then try again.")
    }

    /// The disk reported an error. The file is opened anew before the next attempt.
    #[must_use]
    pub fn disk_failing() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "disk-failing", "The server's disk reported an error")
            .detail("Nothing that was acknowledged is lost.")
            .next("Try again in a moment. If it stays, tell whoever runs the server to check its disk.")
            .retry_after_s(DISK_RETRY_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sorted_and_every_code_has_a_next_step() {
        assert!(CATALOGUE.is_sorted_by(|a, b| a.0 < b.0));
        assert!(CATALOGUE.iter().all(|(.., title, next)| !title.is_empty() && !next.is_empty()));
    }

    /// Every code that the application's sources name has its line here.
    #[test]
    fn no_code_is_missing() {
        let mut files = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/app"))];
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for rest in source.split("Refusal::new(").skip(1) {
                let Some(code) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                assert!(CATALOGUE.iter().any(|(known, ..)| *known == code), "{code} in {}", path.display());
            }
        }
    }

    #[test]
    fn facts_keep_their_kind() {
        let problem = Problem::from(Refusal::new("epoch-closed", "x").with("epoch", 3).with("head", "abc"));
        assert_eq!((problem.status(), problem.code()), (CONFLICT, "epoch-closed"));
        let unknown = Problem::from(Refusal::new("unheard-of", "x"));
        assert_eq!(unknown.status(), UNPROCESSABLE);
    }
}
