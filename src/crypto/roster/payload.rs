//! The JSON inside an entry. Unknown fields are let through (a later version may add some); missing, repeated or
//! ill-formed ones are not.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::crypto::HybridRecipient;
use crate::crypto::sign::key_hash;
use crate::domain::id::{DeviceId, SpaceId};
use crate::domain::roster::{Admission, Entry, EpochEntry, Genesis, How, InviteEntry, Op, RosterRefused};
use crate::domain::text::parse_b64u_32;

/// Roles and rights are short words.
const WORD_LEN_MAX: usize = 32;
/// More roles or rights than any space needs.
const WORDS_MAX: usize = 32;

#[derive(Deserialize)]
struct GenesisJson {
    v: u8,
    op: String,
    space: Option<String>,
    n: u64,
    prev: Option<String>,
    by: String,
    kind: String,
    nonce: String,
    rights: BTreeMap<String, Vec<String>>,
    members: Vec<MemberJson>,
    epoch: EpochJson,
}

#[derive(Deserialize)]
struct EntryJson {
    v: u8,
    op: String,
    space: String,
    n: u64,
    prev: String,
    by: String,
    ts: Timestamp,
}

#[derive(Deserialize)]
struct MemberJson {
    person: String,
    role: String,
    sign: String,
    recipient: String,
}

#[derive(Deserialize)]
struct EpochJson {
    n: u64,
    prev: Option<String>,
    commit: String,
    /// The last record of each device in the epoch that this one closes; absent in genesis.
    #[serde(default)]
    last: Option<BTreeMap<String, u64>>,
}

#[derive(Deserialize)]
struct EpochOp {
    epoch: EpochJson,
}

#[derive(Deserialize)]
struct InviteOp {
    invite: String,
    invite_key: String,
    role: String,
    epoch: u64,
    expires: Timestamp,
    coach: String,
}

#[derive(Deserialize)]
struct RevokeOp {
    invite: String,
}

#[derive(Deserialize)]
struct JoinOp {
    invite: String,
    coach: String,
}

#[derive(Deserialize)]
struct AddOp {
    how: String,
    #[serde(default)]
    until: Option<String>,
}

#[derive(Deserialize)]
struct RemoveOp {
    person: String,
}

#[derive(Deserialize)]
struct RoleOp {
    person: String,
    role: String,
}

pub(super) fn genesis(json: &[u8], space: SpaceId) -> Result<Genesis, RosterRefused> {
    let parsed: GenesisJson = read(json)?;
    let [creator] = parsed.members.as_slice() else { return Err(RosterRefused::Malformed) };
    let begins = parsed.v == 1 && parsed.op == "genesis" && parsed.n == 0 && parsed.epoch.n == 1;
    let nothing_before = parsed.space.is_none() && parsed.prev.is_none() && parsed.epoch.prev.is_none();
    if !begins || !nothing_before || creator.person != parsed.by || parsed.nonce.len() != 22 {
        return Err(RosterRefused::Malformed);
    }
    Ok(Genesis {
        space,
        kind: id(&parsed.kind)?,
        creator: admission(creator)?,
        rights: rights(parsed.rights)?,
        commit: bytes(&parsed.epoch.commit)?,
    })
}

pub(super) fn entry(json: &[u8], hash: [u8; 32]) -> Result<Entry, RosterRefused> {
    let common: EntryJson = read(json)?;
    if common.v != 1 {
        return Err(RosterRefused::Malformed);
    }
    Ok(Entry {
        space: id(&common.space)?,
        n: common.n,
        prev: bytes(&common.prev)?,
        by: id(&common.by)?,
        at: common.ts,
        op: op(&common.op, json)?,
        hash,
    })
}

fn op(word: &str, json: &[u8]) -> Result<Op, RosterRefused> {
    Ok(match word {
        "epoch" => Op::Epoch(epoch(&read::<EpochOp>(json)?.epoch)?),
        "invite" => Op::Invite(invite(&read(json)?)?),
        "revoke" => Op::Revoke(id(&read::<RevokeOp>(json)?.invite)?),
        "join" => {
            let join: JoinOp = read(json)?;
            let admission = admission(&read(json)?)?;
            Op::Join { invite: id(&join.invite)?, admission, coach: bytes(&join.coach)? }
        }
        "add" => {
            let add: AddOp = read(json)?;
            let how = How::of_word(&add.how).ok_or(RosterRefused::Malformed)?;
            let until = add.until.as_deref().map(time).transpose()?;
            Op::Add { admission: admission(&read(json)?)?, how, until }
        }
        "remove" => Op::Remove(id(&read::<RemoveOp>(json)?.person)?),
        "role" => {
            let change: RoleOp = read(json)?;
            Op::Role { person: id(&change.person)?, role: word_of(change.role)? }
        }
        "close" => Op::Close,
        _ => return Err(RosterRefused::Malformed),
    })
}

fn epoch(json: &EpochJson) -> Result<EpochEntry, RosterRefused> {
    let (Some(prev), Some(last)) = (&json.prev, &json.last) else { return Err(RosterRefused::Malformed) };
    if last.iter().any(|(device, seq)| *seq == 0 || DeviceId::from_str(device).is_err()) {
        return Err(RosterRefused::Malformed);
    }
    Ok(EpochEntry { n: json.n, prev: bytes(prev)?, commit: bytes(&json.commit)? })
}

fn invite(json: &InviteOp) -> Result<InviteEntry, RosterRefused> {
    Ok(InviteEntry {
        invite: id(&json.invite)?,
        key: bytes(&json.invite_key)?,
        role: word_of(json.role.clone())?,
        epoch: json.epoch,
        expires_at: json.expires,
        coach: bytes(&json.coach)?,
    })
}

fn admission(json: &MemberJson) -> Result<Admission, RosterRefused> {
    HybridRecipient::from_str(&json.recipient).map_err(|_| RosterRefused::Malformed)?;
    let (person, sign) = (id(&json.person)?, bytes(&json.sign)?);
    Ok(Admission {
        person,
        role: word_of(json.role.clone())?,
        sign,
        recipient: json.recipient.clone(),
        key_hash: key_hash(person, &sign, &json.recipient),
    })
}

fn rights(json: BTreeMap<String, Vec<String>>) -> Result<BTreeMap<String, Vec<String>>, RosterRefused> {
    if json.len() > WORDS_MAX || json.values().any(|held| held.len() > WORDS_MAX) {
        return Err(RosterRefused::Malformed);
    }
    json.into_iter()
        .map(|(role, held)| Ok((word_of(role)?, held.into_iter().map(word_of).collect::<Result<_, _>>()?)))
        .collect()
}

fn word_of(text: String) -> Result<String, RosterRefused> {
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if plain && (1..=WORD_LEN_MAX).contains(&text.len()) { Ok(text) } else { Err(RosterRefused::Malformed) }
}

/// An instant in the one form that devices write, so that both sides read the same end.
fn time(text: &str) -> Result<Timestamp, RosterRefused> {
    let at: Timestamp = text.parse().map_err(|_| RosterRefused::Malformed)?;
    if format!("{at:.3}") == text { Ok(at) } else { Err(RosterRefused::Malformed) }
}

fn id<T: FromStr>(text: &str) -> Result<T, RosterRefused> {
    text.parse().map_err(|_| RosterRefused::Malformed)
}

fn bytes(text: &str) -> Result<[u8; 32], RosterRefused> {
    parse_b64u_32(text).ok_or(RosterRefused::Malformed)
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, RosterRefused> {
    serde_json::from_slice(json).map_err(|_| RosterRefused::Malformed)
}
