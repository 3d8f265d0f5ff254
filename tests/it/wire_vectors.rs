//! The vectors of `alcove/v1` that members' devices write: the server reads the same bytes the same way, and refuses
//! the same chains.

use std::fs;

use alcove::crypto::login::{answers, login_message};
use alcove::crypto::recovery::{EndorseStatement, PaperStatement, PlanStatement};
use alcove::crypto::roster::{append, begin, hash_of};
use alcove::crypto::sign::{Statement, key_hash};
use alcove::crypto::statement::{KeyStatement, RestoreStatement, directory_head, leaf_hash};
use alcove::crypto::{HybridIdentity, open_with};
use alcove::domain::roster::{Roster, RosterRefused};
use alcove::domain::text::{b64u, parse_b64u, parse_b64u_32};
use serde_json::Value;

fn vectors(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let vectors: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(!vectors.is_empty());
    vectors
}

fn text<'v>(vector: &'v Value, side: &str, name: &str) -> &'v str {
    vector[side][name].as_str().unwrap()
}

fn bytes32(vector: &Value, side: &str, name: &str) -> [u8; 32] {
    parse_b64u_32(text(vector, side, name)).unwrap()
}

fn bytes16(vector: &Value, name: &str) -> [u8; 16] {
    parse_b64u(text(vector, "inputs", name)).unwrap().try_into().unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn keys_hash_and_state_themselves_alike() {
    for vector in vectors("identity") {
        let sign = bytes32(&vector, "outputs", "sign");
        let person = text(&vector, "inputs", "person").parse().unwrap();
        let recipient = text(&vector, "outputs", "recipient");
        assert_eq!(b64u(&key_hash(person, &sign, recipient)), text(&vector, "outputs", "key_hash"));
        let stated = KeyStatement::parse(text(&vector, "outputs", "key_statement")).unwrap();
        assert_eq!(stated, KeyStatement { person, sign, recipient: recipient.to_owned() });
    }
}

#[test]
fn a_statement_verifies_as_its_own_kind_only() {
    let all = vectors("statements");
    for vector in &all {
        let signed = text(vector, "outputs", "statement");
        assert_eq!(b64u(&hash_of(signed)), text(vector, "outputs", "hash"));
        let statement = Statement::parse(signed).unwrap();
        let key = bytes32(vector, "outputs", "sign");
        for other in &all {
            let kind = text(other, "inputs", "kind");
            assert_eq!(statement.is_by(kind, &key), kind == text(vector, "inputs", "kind"), "{kind}");
        }
    }
}

/// The server never reads a link; a program that follows this text does.
#[test]
fn a_link_names_slot_secret_and_keys() {
    for vector in vectors("link") {
        let (origin, link) = (text(&vector, "inputs", "origin"), text(&vector, "outputs", "link"));
        let parts: Vec<_> = link.strip_prefix(&format!("{origin}/l#")).unwrap().split('.').collect();
        let named = ["slot", "secret", "key_hash"].map(|name| text(&vector, "inputs", name));
        assert_eq!(parts, named);
        assert!(parts[0].parse::<alcove::domain::id::SlotId>().is_ok());
    }
}

#[test]
fn sign_in_signs_the_same_message() {
    for vector in vectors("login") {
        let (person, origin) =
            (text(&vector, "inputs", "person").parse().unwrap(), text(&vector, "inputs", "origin").parse().unwrap());
        let nonce = bytes32(&vector, "inputs", "challenge");
        let message = login_message(&origin, person, &nonce);
        assert_eq!(message.as_bytes(), unhex(text(&vector, "outputs", "message_hex")));
        let signature = parse_b64u(text(&vector, "outputs", "signature")).unwrap();
        assert!(answers(&bytes32(&vector, "outputs", "login_key"), &origin, person, &nonce, &signature));
    }
}

#[test]
fn the_directory_chains_alike() {
    for vector in vectors("directory") {
        let hash = leaf_hash(&bytes16(&vector, "salt"), text(&vector, "inputs", "statement"));
        assert_eq!(b64u(&hash), text(&vector, "outputs", "hash"));
        let head = directory_head(&bytes32(&vector, "inputs", "head_before"), &bytes16(&vector, "tag"), &hash);
        assert_eq!(b64u(&head), text(&vector, "outputs", "head"));
    }
}

#[test]
fn a_restore_statement_reads_alike() {
    for vector in vectors("restore") {
        let owner = parse_b64u_32(vector["inputs"]["owner"]["sign"].as_str().unwrap()).unwrap();
        let read = RestoreStatement::parse(text(&vector, "outputs", "statement"), &owner).unwrap();
        assert_eq!((read.timeline, read.abandoned_timeline, read.restored.size), (2, 1, 100));
        assert_eq!(read.install.to_string(), text(&vector, "inputs", "install"));
    }
}

/// The statements of practice recovery, and that papers open what they are said to open: in this order.
#[test]
fn practice_recovery_reads_alike() {
    let (mut papers, mut plans) = (0, 0);
    for vector in vectors("recovery") {
        let key = |field: &str| parse_b64u_32(vector["inputs"][field]["sign"].as_str().unwrap()).unwrap();
        let person = |field: &str| vector["inputs"][field]["person"].as_str().unwrap().parse().unwrap();
        match text(&vector, "inputs", "what") {
            "paper" => {
                let read = PaperStatement::parse(text(&vector, "outputs", "statement"), &key("owner")).unwrap();
                let recipient = text(&vector, "outputs", "recipient").to_owned();
                assert_eq!(read, PaperStatement { person: person("owner"), recipient });
                papers += 1;
            }
            "plan" => {
                let statement = text(&vector, "outputs", "statement");
                let read = PlanStatement::parse(statement, &key("by")).unwrap();
                let (inputs, outputs) = (&vector["inputs"], &vector["outputs"]);
                assert_eq!((read.by, Some(read.n)), (person("by"), inputs["n"].as_u64()));
                assert_eq!(read.prev.map(|prev| b64u(&prev)).as_deref(), inputs["prev"].as_str());
                assert_eq!(b64u(&hash_of(statement)), text(&vector, "outputs", "hash"));
                assert_eq!(read.recipient, text(&vector, "outputs", "recipient"));
                let named: Vec<_> =
                    read.papers.iter().map(|(person, recipient)| (person.to_string(), recipient.as_str())).collect();
                let expected = inputs["papers"].as_array().unwrap().iter();
                let expected: Vec<_> = expected
                    .map(|paper| (paper["person"].as_str().unwrap().to_owned(), paper["recipient"].as_str().unwrap()))
                    .collect();
                assert_eq!(named, expected);
                for file in outputs["files"].as_array().unwrap() {
                    let paper = |side: &str| {
                        let at = expected.iter().position(|(person, _)| file[side] == *person)?;
                        Some(HybridIdentity::from_seed(
                            parse_b64u_32(inputs["paper_seeds"][at].as_str().unwrap()).unwrap(),
                        ))
                    };
                    let mut body = parse_b64u(file["age"].as_str().unwrap()).unwrap();
                    for identity in [paper("first"), paper("then")].into_iter().flatten() {
                        body = under(&identity, &body);
                    }
                    assert_eq!(String::from_utf8(body).unwrap().trim_end(), text(&vector, "outputs", "identity"));
                }
                plans += 1;
            }
            "endorse" => {
                let read = EndorseStatement::parse(text(&vector, "outputs", "statement"), &key("by")).unwrap();
                assert_eq!((read.by, b64u(&read.plan)), (person("by"), text(&vector, "inputs", "plan").to_owned()));
            }
            _ => {}
        }
    }
    assert!(papers >= 2 && plans >= 2);
}

/// What an age file of kind `recovery` holds.
fn under(identity: &HybridIdentity, file: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    open_with(identity, file, &mut plain).unwrap();
    plain.strip_prefix(b"alcove-recovery/1\n").unwrap().to_vec()
}

/// What the server makes of a chain; the last entry has to settle it.
fn verify(entries: &[&str]) -> Result<Roster, RosterRefused> {
    let (first, rest) = entries.split_first().unwrap();
    let mut roster = begin(first)?;
    for entry in rest {
        append(&mut roster, entry, None)?;
    }
    roster.check_settled()?;
    Ok(roster)
}

#[test]
fn a_roster_adds_up_alike() {
    for vector in vectors("roster") {
        let (entries, outputs) = (texts(&vector["inputs"]["entries"]), &vector["outputs"]);
        let roster = verify(&entries).unwrap();
        assert_eq!(roster.space.to_string(), outputs["space"].as_str().unwrap());
        assert_eq!(b64u(&roster.head), *texts(&outputs["hashes"]).last().unwrap());
        let members: Vec<_> = roster
            .members
            .iter()
            .map(|member| (member.person.to_string(), member.role.clone(), b64u(&member.key_hash)))
            .collect();
        let expected: Vec<_> = outputs["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| {
                let field = |name: &str| member[name].as_str().unwrap().to_owned();
                (field("person"), field("role"), field("key_hash"))
            })
            .collect();
        assert_eq!(members, expected);
        let commits: Vec<_> = roster.commits.iter().map(|commit| b64u(commit)).collect();
        let expected: Vec<_> =
            outputs["epochs"].as_array().unwrap().iter().map(|epoch| epoch["commit"].as_str().unwrap()).collect();
        assert_eq!(commits, expected);
    }
}

/// The server's words for what a device refuses under this name.
fn words(error: &str) -> &'static [&'static str] {
    match error {
        "InviteUsedTwice" => &["invite-spent"],
        "InviteExpired" => &["invite-expired"],
        "InviterKeyMismatch" => &["join-unfit"],
        "RosterBadSignature" => &["bad-signature"],
        "RosterCutShort" | "RosterUnfinished" => &["epoch-missing"],
        // The server looks for the signer before it looks at the place.
        "RosterForked" => &["wrong-place", "malformed", "no-such-invite"],
        "RosterNotAMember" => &["not-a-member"],
        "RosterNotAllowed" => &["not-allowed", "join-unfit", "end-unfit"],
        "EpochMovedBack" => &["epoch-unfit"],
        "MemberKeysSwapped" => &["keys-differ"],
        "RosterUnknownRole" => &["no-such-role"],
        "LastKeeper" => &["last-keeper"],
        "SpaceClosed" => &["closed"],
        "MembershipEnded" => &["ended"],
        "RosterEntryMalformed" => &["malformed"],
        other => panic!("no word for {other}"),
    }
}

#[test]
fn a_bad_chain_is_refused_for_the_same_reason() {
    for vector in vectors("roster-refused") {
        let refused = verify(&texts(&vector["inputs"]["entries"])).unwrap_err();
        let expected = words(text(&vector, "outputs", "error"));
        assert!(expected.contains(&refused.word()), "{}: {refused:?}", vector["name"]);
    }
}

#[test]
fn files_to_persons_open_or_are_refused_alike() {
    let mut opened_or_refused = 0;
    for vector in vectors("age") {
        let Some(seed) = vector["inputs"]["identity_seed"].as_str() else { continue };
        let identity: HybridIdentity = identity_of(seed);
        let (file, mut plain) = (parse_b64u(text(&vector, "inputs", "age")).unwrap(), Vec::new());
        let result = open_with(&identity, file.as_slice(), &mut plain);
        match vector["outputs"]["plaintext"].as_str() {
            Some(expected) => assert_eq!(String::from_utf8(plain).unwrap(), expected, "{}", vector["name"]),
            None => assert!(result.is_err(), "{}", vector["name"]),
        }
        opened_or_refused += 1;
    }
    assert!(opened_or_refused >= 6);
}

fn identity_of(seed: &str) -> HybridIdentity {
    let known = vectors("kit").into_iter().map(|kit| (kit["inputs"]["seed"].clone(), kit["outputs"]["line"].clone()));
    let people = vectors("identity")
        .into_iter()
        .map(|person| (person["inputs"]["identity_seed"].clone(), person["outputs"]["identity"].clone()));
    let (_, line) = known.chain(people).find(|(known, _)| known == seed).unwrap();
    line.as_str().unwrap().parse().unwrap()
}
