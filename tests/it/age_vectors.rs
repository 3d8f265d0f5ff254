//! The public age vectors for hybrid recipients: what stock age refuses, we refuse; what it opens, we open.

use std::fs;

use alcove::crypto::{HybridIdentity, OpenError, open_with};
use aws_lc_rs::digest;

struct Vector {
    name: String,
    expect: String,
    payload: Option<String>,
    identity: HybridIdentity,
    file: Vec<u8>,
}

fn vector(path: &std::path::Path) -> Vector {
    let bytes = fs::read(path).unwrap();
    let split = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
    let header = std::str::from_utf8(&bytes[..split]).unwrap();
    let field = |name: &str| header.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned);
    Vector {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        expect: field("expect").unwrap(),
        payload: field("payload"),
        identity: field("identity").unwrap().parse().unwrap(),
        file: bytes[split + 2..].to_vec(),
    }
}

#[test]
fn hybrid_vectors_behave_as_published() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/age-hybrid");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if !entry.file_name().to_string_lossy().starts_with("hybrid_") {
            continue;
        }
        let vector = vector(&entry.path());
        let mut plain = Vec::new();
        let result = open_with(&vector.identity, vector.file.as_slice(), &mut plain);
        match vector.expect.as_str() {
            "success" => {
                result.unwrap_or_else(|error| panic!("{}: {error}", vector.name));
                let sum = format!("{:02x?}", digest::digest(&digest::SHA256, &plain).as_ref()).replace(", ", "");
                assert_eq!(Some(sum.trim_matches(['[', ']']).to_owned()), vector.payload, "{}", vector.name);
            }
            "no match" => assert!(matches!(result, Err(OpenError::OtherKit)), "{}: {result:?}", vector.name),
            "header failure" => assert!(matches!(result, Err(OpenError::NotSealed)), "{}: {result:?}", vector.name),
            other => panic!("{}: unknown expectation {other}", vector.name),
        }
        seen += 1;
    }
    assert_eq!(seen, 13);
}
