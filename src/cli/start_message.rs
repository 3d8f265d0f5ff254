//! What `serve` says when it is ready: where to go, how to begin, and how to be sure that it is the right machine.

use std::{fmt::Write as _, net::SocketAddr};

use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};
use serde_json::{Value, json};

use crate::{
    domain::{claim::ClaimCode, origin::Origin},
    tls::Fingerprint,
};

/// Everything the message is made of.
pub struct StartMessage<'a> {
    pub origin: &'a Origin,
    /// The code, as long as the practice is not set up.
    pub claim: Option<&'a ClaimCode>,
    pub authority: Option<Fingerprint>,
    pub listening: SocketAddr,
    pub reachable: &'a [SocketAddr],
}

impl StartMessage<'_> {
    /// For people.
    pub fn words(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        self.write(&mut text).map_or_else(|_| String::new(), |()| text)
    }

    /// For programs.
    pub fn value(&self) -> Value {
        json!({
            "origin": self.origin.to_string(),
            "claim_code": self.claim.map(ToString::to_string),
            "claim_url": self.claim_url(),
            "authority_sha256": self.authority.map(|fingerprint| fingerprint.to_string()),
            "listening": self.listening.to_string(),
            "reachable": self.reachable.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    /// The code travels behind `#`, which browsers never send, so that it is in no log.
    fn claim_url(&self) -> Option<String> {
        self.claim.map(|code| format!("{}/claim#{}", self.origin, code.plain()))
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let origin = self.origin;
        match (self.claim, self.claim_url()) {
            (Some(code), Some(address)) => {
                writeln!(text, "Alcove is ready to be set up. Open this address in a browser:\n\n  {address}\n")?;
                write!(text, "{}", qr(&address))?;
                writeln!(text, "\nOr open {origin} and enter the claim code {code}")?;
                writeln!(text, "The code works once, for 15 minutes; `alcove claim` makes a new one.\n")?;
            }
            _ => writeln!(text, "Alcove is running at {origin}\n")?,
        }
        if let Some(fingerprint) = self.authority {
            writeln!(text, "Certificate authority of this practice (SHA-256), to compare on your devices:")?;
            writeln!(text, "  {fingerprint}\n")?;
        }
        self.write_reach(text)
    }

    fn write_reach(&self, text: &mut String) -> std::fmt::Result {
        if self.reachable.is_empty() {
            return writeln!(text, "Listening on {}: only this machine can reach it.", self.listening);
        }
        writeln!(text, "Other devices can reach this machine at:")?;
        self.reachable.iter().try_for_each(|address| writeln!(text, "  {address}"))?;
        if self.origin.is_localhost() {
            writeln!(
                text,
                "but {} works on this machine only: for more, start with --origin https://NAME",
                self.origin
            )?;
        }
        Ok(())
    }
}

/// What a sealed server says when it is ready.
pub struct SealedMessage<'a> {
    pub origin: &'a Origin,
    /// Of the unseal page; none with own certificate files.
    pub certificate: Option<Fingerprint>,
    pub listening: SocketAddr,
    pub reachable: &'a [SocketAddr],
}

impl SealedMessage<'_> {
    /// For people.
    pub fn words(&self) -> String {
        let origin = self.origin;
        let mut text = format!(
            "Alcove is sealed: no key file opens the practice, a person does. On this machine run\n\n  alcove seal \
             unseal\n\nor open {origin}/unseal in a browser.\n"
        );
        if let Some(certificate) = self.certificate {
            text.extend([format!(
                "\nCertificate of that page (SHA-256), to compare before anything is typed:\n  {certificate}\n"
            )]);
        }
        text
    }

    /// For programs.
    pub fn value(&self) -> Value {
        json!({
            "state": "sealed", "origin": self.origin.to_string(), "unseal_url": format!("{}/unseal", self.origin),
            "certificate_sha256": self.certificate.map(|fingerprint| fingerprint.to_string()),
            "listening": self.listening.to_string(),
            "reachable": self.reachable.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }
}

/// Half blocks, dark on light as scanners want it. Empty when the text is too long for a code.
fn qr(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::L) else { return String::new() };
    let picture = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    picture.lines().fold(String::new(), |all, line| all + "  " + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_holds_all_that_is_needed_to_begin() {
        let origin = "https://localhost:8443".parse().unwrap();
        let claim = ClaimCode::from_random([3; 12]);
        let listening = "[::]:8443".parse().unwrap();
        let reachable = ["192.0.2.7:8443".parse().unwrap()];
        let message =
            StartMessage { origin: &origin, claim: Some(&claim), authority: None, listening, reachable: &reachable };
        let words = message.words();
        for part in ["https://localhost:8443/claim#333333333333", "3333-3333-3333", "192.0.2.7:8443", "▀"] {
            assert!(words.contains(part), "{part} in {words}");
        }
        assert_eq!(message.value()["claim_code"], "3333-3333-3333");
    }
}
