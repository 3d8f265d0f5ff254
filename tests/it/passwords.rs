//! The blocklist of passwords that the web UI embeds: built here from the lists in `web/data/passwords`, read there by
//! `web/src/lib/passwords`. Both sides reduce a password to the same forms; `tests/vectors/passwords.json` says so.
//!
//! The server never sees a password, so nothing of this is in the binary besides the file.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use xorf::{BinaryFuse16, DmaSerializable, Filter};

/// Shorter forms say nothing: every password has some.
const FORM_CHARS_MIN: usize = 4;
const BEHIND_MAX: usize = 8;
const BEFORE_MAX: usize = 4;
/// As many words as an estimate of guesses needs: the first of them are what counts.
const WORDS_MAX: usize = 3_000;

const ROWS: [&str; 9] =
    ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"];
const COLUMNS: [&str; 10] = ["1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "0p"];
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn list(name: &str) -> Vec<String> {
    let text = fs::read_to_string(path("web/data/passwords").join(name)).unwrap();
    text.lines()
        .map(|line| line.trim().nfkc().collect::<String>().to_lowercase())
        .filter(|line| !line.is_empty())
        .collect()
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

/// Swapped characters undone: `1` stands for i as well as for l, and signs above digits for the digits.
fn unswapped(text: &str) -> [String; 4] {
    let map = |pairs: &[(char, char)]| {
        text.chars().map(|sign| pairs.iter().find(|(from, _)| *from == sign).map_or(sign, |(_, to)| *to)).collect()
    };
    let letters = [('@', 'a'), ('4', 'a'), ('3', 'e'), ('0', 'o'), ('$', 's'), ('5', 's'), ('7', 't')];
    let with = |more: [(char, char); 2]| map(&[&letters[..], &more[..]].concat());
    let digits: Vec<_> = "!@#$%^&*()".chars().zip("1234567890".chars()).collect();
    [text.to_owned(), with([('1', 'i'), ('!', 'i')]), with([('1', 'l'), ('!', 'l')]), map(&digits)]
}

/// The shortest text that, repeated, gives this one.
fn unrepeated(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let period = (1..chars.len())
        .find(|n| chars.len().is_multiple_of(*n) && chars.iter().enumerate().all(|(at, sign)| *sign == chars[at % n]));
    chars[..period.unwrap_or(chars.len())].iter().collect()
}

/// Every form under which a password is looked up.
fn forms(password: &str) -> BTreeSet<String> {
    let plain: String = password.nfkc().collect::<String>().to_lowercase();
    let mut found = BTreeSet::new();
    for whole in [plain.clone(), unrepeated(&plain)] {
        let chars: Vec<char> = whole.chars().collect();
        let before = chars.iter().take_while(|sign| !sign.is_alphabetic()).count();
        let behind = chars.iter().rev().take_while(|sign| !sign.is_alphabetic()).count();
        for from in [0, before.min(BEFORE_MAX)] {
            for off in 0..=behind.min(BEHIND_MAX) {
                let Some(kept) = chars.get(from..chars.len() - off) else { continue };
                let kept: String = kept.iter().collect();
                for text in unswapped(&kept) {
                    found.insert(unrepeated(&text));
                    found.insert(text);
                }
            }
        }
    }
    found.retain(|text| text.chars().count() >= FORM_CHARS_MIN);
    found
}

/// FNV-1a, 64 bits; the filter mixes it further.
fn key(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Runs along rows, columns and the alphabet, both ways, and to and fro between two rows.
fn walks() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for row in ROWS.into_iter().chain([ALPHABET]) {
        for from in 0..row.len() {
            for to in from + FORM_CHARS_MIN..=row.len() {
                found.insert(row[from..to].to_owned());
            }
        }
        found.insert(row.repeat(2));
    }
    for rows in [
        &ROWS[..4],
        &["1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"],
        &["1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"],
    ] {
        joined(rows, &mut found);
        for length in 2..=10 {
            joined(&rows.iter().map(|row| &row[..length.min(row.len())]).collect::<Vec<_>>(), &mut found);
        }
        for pair in rows.windows(2) {
            to_and_fro(pair[0], pair[1], &mut found);
        }
    }
    joined(&COLUMNS, &mut found);
    joined(&COLUMNS.map(reversed).each_ref().map(String::as_str), &mut found);
    let backwards: Vec<String> = found.iter().map(|walk| reversed(walk)).collect();
    found.extend(backwards);
    found
}

/// Every run of neighbouring pieces, forwards and backwards.
fn joined(pieces: &[&str], found: &mut BTreeSet<String>) {
    for from in 0..pieces.len() {
        for to in from + 1..=pieces.len() {
            found.insert(pieces[from..to].concat());
            found.insert(pieces[from..to].iter().rev().copied().collect());
        }
    }
}

/// `q1w2e3` and `1q2w3e`, of every length.
fn to_and_fro(above: &str, below: &str, found: &mut BTreeSet<String>) {
    for (first, second) in [(above, below), (below, above)] {
        let walk: String = first.chars().zip(second.chars()).flat_map(|(one, other)| [one, other]).collect();
        for length in (FORM_CHARS_MIN..=walk.len()).step_by(2) {
            found.insert(walk[..length].to_owned());
        }
    }
}

/// Everything in the filter.
fn entries() -> BTreeSet<String> {
    let mut found = walks();
    for name in ["zxcvbn-30k.txt", "django-common-passwords.txt", "zxcvbn-ts-ge12.txt"] {
        for word in list(name) {
            // Swapped digits are letters only among letters.
            let has_letters = word.chars().any(char::is_alphabetic);
            let forms = unswapped(&word).into_iter().take(if has_letters { 3 } else { 1 });
            found.extend(forms.flat_map(|form| [unrepeated(&form), form]));
        }
    }
    found.retain(|text| text.chars().count() >= FORM_CHARS_MIN);
    found
}

fn filter() -> BinaryFuse16 {
    let keys: BTreeSet<u64> = entries().iter().map(|text| key(text)).collect();
    BinaryFuse16::try_from(keys.into_iter().collect::<Vec<_>>()).unwrap()
}

/// The descriptor (seed, segment length, its mask, all segments' length; little endian), then the fingerprints.
fn file(filter: &BinaryFuse16) -> Vec<u8> {
    let mut bytes = vec![0; BinaryFuse16::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut bytes);
    bytes.extend(filter.fingerprints.iter().flat_map(|print| print.to_le_bytes()));
    bytes
}

fn kept(name: &str, now: &[u8]) {
    if std::env::var_os("ALCOVE_REWRITE_GOLDEN").is_some() {
        fs::write(path(name), now).unwrap();
    }
    let committed = fs::read(path(name)).unwrap_or_default();
    assert!(committed == now, "{name} is stale: ALCOVE_REWRITE_GOLDEN=1 cargo test --test it golden_blocklist");
}

#[test]
fn golden_blocklist() {
    let filter = filter();
    kept("web/src/lib/passwords/blocklist.bin", &file(&filter));
    let mut seen = HashSet::new();
    let words = list("zxcvbn-30k.txt").into_iter();
    let words = words.filter(|word| word.len() >= FORM_CHARS_MIN && word.bytes().all(|byte| byte.is_ascii_lowercase()));
    let words: Vec<String> = words.filter(|word| seen.insert(word.clone())).take(WORDS_MAX).collect();
    kept("web/src/lib/passwords/words.txt", (words.join("\n") + "\n").as_bytes());
    kept("tests/vectors/passwords.json", vectors(&filter).as_bytes());
}

/// Passwords, the forms they come down to and whether they are blocked.
fn vectors(filter: &BinaryFuse16) -> String {
    let blocked = [
        "password",
        "Passw0rd2024",
        "P@ssw0rdP@ssw0rd!",
        "Dragon123456",
        "dragondragon",
        "DRAGON!!!!!!",
        "123Sunshine!",
        "sunsh1ne2025!!",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "!QAZ2wsx#EDC",
        "zaq1xsw2cde3",
        "q1w2e3r4t5y6",
        "abcdefghijklmnop",
        "Iloveyou2026",
        "leavemealone",
        "ｐａｓｓｗｏｒｄ１２３４",
        "monkey!monkey!",
    ];
    let open = [
        "the tin boat hums at noon",
        "a quiet red hill",
        "静かな丘の上に赤い灯がともる夜",
        "correct-lantern-42",
        "Dragon-eats-seven-plums",
        "xK4#vQz9!mTr2w",
        "tausend kleine Äpfel",
    ];
    let vector = |password: &&str| {
        let forms = forms(password);
        let keys: Vec<String> = forms.iter().map(|form| format!("{:016x}", key(form))).collect();
        let is_blocked = forms.iter().any(|form| filter.contains(&key(form)));
        json!({ "name": password, "inputs": { "password": password }, "outputs": { "forms": forms, "keys_hex": keys, "blocked": is_blocked } })
    };
    let all: Vec<Value> = blocked.iter().chain(&open).map(vector).collect();
    for (at, vector) in all.iter().enumerate() {
        assert_eq!(vector["outputs"]["blocked"], at < blocked.len(), "{}", vector["name"]);
    }
    serde_json::to_string_pretty(&Value::Array(all)).unwrap() + "\n"
}

#[test]
fn a_strong_password_is_seldom_called_common() {
    let filter = filter();
    // Any text of that kind would do; this one is the same each time.
    let texts = (0..20_000).map(|n| key(&format!("nobody tries {n} herons"))).filter(|hash| filter.contains(hash));
    assert!(texts.count() < 4);
}
