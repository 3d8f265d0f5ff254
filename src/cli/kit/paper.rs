//! A restore kit as people keep it: the file that stock age reads, its words in numbered rows, and a code to scan.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};
use zeroize::Zeroizing;

use crate::{
    crypto::{Kit, random},
    store::block::sync_dir,
};

const WORDS_A_ROW: usize = 4;
const PLACES_TO_PROVE: usize = 3;

/// What stands on a kit besides its key.
pub struct Labels<'a> {
    pub practice: &'a str,
    pub origin: &'a str,
    pub backup_key: &'a str,
}

/// The kit's file, as the browser makes it.
pub fn file_text(kit: &Kit, labels: &Labels<'_>) -> Zeroizing<String> {
    let one_line = |text: String| text.replace(char::is_control, " ");
    let comments = [
        one_line(format!("Alcove restore kit — {} — made on the server", labels.practice)),
        one_line(labels.origin.to_owned()),
        format!("backup key: {}", labels.backup_key),
    ];
    kit.plain_text(&comments.each_ref().map(String::as_str))
}

/// The file's text, then words in rows and a code, for the terminal.
pub fn sheet(kit: &Kit, file_text: &str) -> Zeroizing<String> {
    let mut sheet = Zeroizing::new(format!("{file_text}\n"));
    let words = kit.plain_words();
    for (row, words) in words.chunks(WORDS_A_ROW).enumerate() {
        for (at, word) in words.iter().enumerate() {
            sheet.extend([format!("{:>4}. {word:<10}", row * WORDS_A_ROW + at + 1)]);
        }
        sheet.push('\n');
    }
    let line = file_text.lines().next_back().unwrap_or_default();
    if let Ok(code) = QrCode::with_error_correction_level(line, EcLevel::M) {
        let code = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
        sheet.push('\n');
        sheet.push_str(&Zeroizing::new(code));
        sheet.push('\n');
    }
    sheet
}

/// Writes the kit's file for its owner only, where none is yet.
pub fn save(path: &Path, file_text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(file_text.as_bytes())?;
    file.sync_all()?;
    sync_dir(path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// Different places of a kit's words, ascending, from 1: whoever types them has the paper.
pub fn places_to_prove(words: usize) -> Vec<usize> {
    let mut places = Vec::new();
    while places.len() < PLACES_TO_PROVE.min(words) {
        let place = usize::from(random::bytes::<1>()[0]) % words + 1;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::HybridIdentity;

    #[test]
    fn a_sheet_holds_the_key_in_every_form() {
        let kit = Kit::from_identity(HybridIdentity::generate().unwrap());
        let labels = Labels { practice: "Quiet\nCorner", origin: "https://localhost", backup_key: "abc" };
        let text = file_text(&kit, &labels);
        assert_eq!(Kit::parse(&text).unwrap().plain_words(), kit.plain_words());
        assert!(text.contains("# backup key: abc\n") && text.contains("Quiet Corner"));
        let sheet = sheet(&kit, &text);
        let words = kit.plain_words();
        assert!(sheet.contains(&format!("24. {}", words[23])) && sheet.contains('▀'));
        let places = places_to_prove(24);
        assert!(places.len() == 3 && places.is_sorted() && places.iter().all(|place| (1..=24).contains(place)));
    }

    #[test]
    fn a_kit_is_saved_once_and_privately() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kit.txt");
        save(&path, "secret").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(save(&path, "other").is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "secret");
    }
}
