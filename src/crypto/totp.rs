//! One-time codes of authenticator apps (RFC 6238), in the one form that all apps take: SHA-1, six digits, 30 seconds.
//!
//! Must not: remember which codes were used; whoever checks one compares its step with the last that was taken.

use jiff::Timestamp;
use totp_rs::{Builder, Secret};

use super::random;
use crate::domain::factor::TotpSecret;

/// Seconds that a code lasts.
const STEP_S: u64 = 30;
/// A clock may be off by one step in either direction.
const SKEW: u16 = 1;
/// RFC 4648, section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret.
#[must_use]
pub fn make() -> TotpSecret {
    TotpSecret(random::bytes())
}

/// The step whose code this is, of the current one and its neighbours; spaces in the code are ignored. The earliest
/// that fits is named.
#[must_use]
pub fn step_of(secret: &TotpSecret, typed: &str, now: Timestamp) -> Option<u64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let now_s = u64::try_from(now.as_second()).ok()?;
    codes(secret, 6)?.check(&typed, now_s)
}

/// The secret as apps take it when it is typed.
#[must_use]
pub fn base32(secret: &TotpSecret) -> String {
    let mut text = String::with_capacity(32);
    for five in secret.0.chunks(5) {
        let bits = five.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let digits = (0..8).rev().map(|n| BASE32[usize::try_from((bits >> (5 * n)) & 31).unwrap_or_default()]);
        text.extend(digits.map(char::from));
    }
    text
}

/// The secret as apps scan it: a key URI, as all apps read it. A colon would part issuer and account elsewhere.
#[must_use]
pub fn uri(secret: &TotpSecret, issuer: &str, account: &str) -> String {
    let (issuer, account) = (escaped(&issuer.replace(':', " ")), escaped(&account.replace(':', " ")));
    let secret = base32(secret);
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP_S}")
}

fn codes(secret: &TotpSecret, digits: u8) -> Option<totp_rs::Totp> {
    let builder = Builder::new().with_secret(Secret::new_stack(secret.0)).with_digits(digits);
    builder.with_skew(SKEW).with_step_duration(STEP_S).build().ok()
}

/// Percent-encoded but for the unreserved characters of RFC 3986.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, and RFC 4226, appendix D: the same secret in both.
    const SECRET: TotpSecret = TotpSecret(*b"12345678901234567890");

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn code(second: u64) -> String {
        codes(&SECRET, 6).unwrap().generate(second).to_string()
    }

    #[test]
    fn the_codes_are_those_of_the_specifications() {
        let eight = codes(&SECRET, 8).unwrap();
        for (second, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(eight.generate(second).to_string(), expected);
            assert_eq!(code(second), expected[2..]);
        }
        let counted = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583"];
        for (n, expected) in (0..).zip(counted) {
            assert_eq!(code(n * STEP_S), expected);
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_the_step_is_named() {
        for (second, expected) in [(29, None), (30, Some(2)), (60, Some(2)), (119, Some(2)), (120, None)] {
            assert_eq!(step_of(&SECRET, "359152", at(second)), expected, "{second}");
        }
        assert_eq!(step_of(&SECRET, " 359 152 ", at(60)), Some(2));
        for typed in ["", "35915", "3591520", "+59152", "35915x", "٣٥٩١٥٢"] {
            assert_eq!(step_of(&SECRET, typed, at(60)), None, "{typed}");
        }
        assert_eq!(step_of(&SECRET, "359152", at(-60)), None);
    }

    #[test]
    fn apps_can_read_the_secret() {
        assert_eq!(base32(&SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let uri = uri(&SECRET, "Quiet: Corner & co", "Zoë");
        assert_eq!(
            uri,
            "otpauth://totp/Quiet%20%20Corner%20%26%20co:Zo%C3%AB?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Quiet%20%20Corner%20%26%20co&algorithm=SHA1&digits=6&period=30"
        );
        assert_ne!(make(), make());
    }
}
