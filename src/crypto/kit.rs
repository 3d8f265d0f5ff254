//! Kits as people hold them: 24 words (BIP 39), an `AGE-SECRET-KEY-PQ-1…` line, or the whole printed file.
//!
//! The 24 words are the 32-byte seed itself, so every form is the same key. Nothing here stores or logs a kit.

use age::secrecy::{ExposeSecret, SecretString};
use bip39::{Language, Mnemonic};
use zeroize::Zeroizing;

use super::hybrid::{HybridIdentity, KeyTextError, SEED_BYTES};

const WORDS: usize = 24;

/// What is wrong with a typed or scanned kit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KitError {
    /// Nothing but spaces and comments.
    #[error("There is no kit in this text. Type the 24 words, or the line that begins with AGE-SECRET-KEY-PQ-1.")]
    Empty,
    /// Neither more nor fewer words make a kit.
    #[error("A kit has 24 words, but these are {found}. Compare them with the paper.")]
    WordCount {
        /// How many words there were.
        found: usize,
    },
    /// A word that is not on the list.
    #[error("Word {position}, \"{word}\", is not a kit word. Check its spelling on the paper.")]
    UnknownWord {
        /// Counted from 1.
        position: usize,
        /// As it was typed, in lower case.
        word: String,
    },
    /// All are words, but together they are no kit.
    #[error(
        "Each word exists, but together they do not fit. One is another word than on the paper, or two are swapped."
    )]
    Checksum,
    /// Several keys in one text.
    #[error("This text holds more than one key. Give one kit only.")]
    SeveralKeys,
    /// The public half.
    #[error("This is a recipient, the public half of a kit. The kit's secret line begins with AGE-SECRET-KEY-PQ-1.")]
    RecipientGiven,
    /// An age key of the older kind.
    #[error("This is a classic age key, not an Alcove kit. The kit's line begins with AGE-SECRET-KEY-PQ-1.")]
    ClassicKey,
    /// A kit line with a typing error.
    #[error("{0}")]
    Key(#[from] KeyTextError),
}

/// A person's or a practice's kit: one hybrid identity.
#[derive(Clone, Debug)]
pub struct Kit(HybridIdentity);

impl Kit {
    /// A kit that is this identity.
    #[must_use]
    pub fn from_identity(identity: HybridIdentity) -> Self {
        Self(identity)
    }

    /// Reads any form of a kit. Case, spaces, numbering and `#` lines do not matter.
    ///
    /// # Errors
    /// A [`KitError`] that names what to look at.
    pub fn parse(text: &str) -> Result<Self, KitError> {
        let bare: Zeroizing<String> = Zeroizing::new(without_comments(text));
        let joined: Zeroizing<String> = Zeroizing::new(bare.split_whitespace().collect());
        match joined.as_str() {
            "" => Err(KitError::Empty),
            key if key.matches("age-secret-key-").count() > 1 => Err(KitError::SeveralKeys),
            key if key.starts_with("age-secret-key-1") => Err(KitError::ClassicKey),
            key if key.starts_with("age-secret-key-") => Ok(Self(key.parse()?)),
            key if key.starts_with("age1") => Err(KitError::RecipientGiven),
            _ => from_words(&bare),
        }
    }

    /// The identity, to open what was sealed to this kit.
    #[must_use]
    pub fn identity(&self) -> &HybridIdentity {
        &self.0
    }

    /// The 24 words, separated by single spaces.
    #[must_use]
    pub fn words(&self) -> SecretString {
        let words = Mnemonic::from_entropy_in(Language::English, self.0.seed()).map(|mnemonic| mnemonic.to_string());
        SecretString::from(words.unwrap_or_default())
    }

    /// The 24 words in order, for a sheet of paper.
    #[must_use]
    pub fn plain_words(&self) -> Zeroizing<Vec<String>> {
        Zeroizing::new(self.words().expose_secret().split(' ').map(str::to_owned).collect())
    }

    /// [`Self::file_text`] for whoever writes it to paper or a file.
    #[must_use]
    pub fn plain_text(&self, comments: &[&str]) -> Zeroizing<String> {
        Zeroizing::new(self.file_text(comments).expose_secret().to_owned())
    }

    /// The kit as a file that stock age takes with `-i`, after the given comment lines.
    #[must_use]
    pub fn file_text(&self, comments: &[&str]) -> SecretString {
        let mut text = String::new();
        for comment in comments {
            text.extend(["# ", comment, "\n"]);
        }
        text.extend(["# words: ", self.words().expose_secret(), "\n", self.0.secret_text().expose_secret(), "\n"]);
        SecretString::from(text)
    }
}

fn without_comments(text: &str) -> String {
    let lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(|line| [line, "\n"]).collect::<String>().to_lowercase()
}

/// Numbers and punctuation around words come from numbered lists.
fn from_words(text: &str) -> Result<Kit, KitError> {
    let words: Vec<&str> = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    if words.len() != WORDS {
        return Err(KitError::WordCount { found: words.len() });
    }
    let joined = Zeroizing::new(words.join(" "));
    let mnemonic = Mnemonic::parse_in_normalized(Language::English, &joined).map_err(|error| match error {
        bip39::Error::UnknownWord(at) => KitError::UnknownWord { position: at + 1, word: words[at].to_owned() },
        _ => KitError::Checksum,
    })?;
    let entropy = Zeroizing::new(mnemonic.to_entropy());
    let seed: [u8; SEED_BYTES] = entropy.as_slice().try_into().map_err(|_| KitError::Checksum)?;
    Ok(Kit(HybridIdentity::from_seed(seed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kit() -> Kit {
        Kit::from_identity(HybridIdentity::generate().unwrap())
    }

    fn same(text: &str, kit: &Kit) {
        assert_eq!(Kit::parse(text).unwrap().identity().seed(), kit.identity().seed());
    }

    #[test]
    fn every_form_is_the_same_key() {
        let kit = kit();
        let words = kit.words().expose_secret().to_owned();
        same(&words, &kit);
        same(&words.to_uppercase().replace(' ', "  \n"), &kit);
        let numbered: String = words.split(' ').flat_map(|word| ["1. ", word, "\n"]).collect();
        same(&numbered, &kit);
        same(&kit.identity().secret_text().expose_secret().to_lowercase(), &kit);
        same(kit.file_text(&["Alcove restore kit — Practice", "https://host"]).expose_secret(), &kit);
    }

    #[test]
    fn the_published_vector_of_bip_39_holds() {
        let words = format!("{}art", "abandon ".repeat(23));
        assert_eq!(Kit::parse(&words).unwrap().identity().seed(), &[0; 32]);
    }

    #[test]
    fn errors_name_what_is_wrong() {
        let fails = |text: &str| Kit::parse(text).unwrap_err();
        let mut words: Vec<String> = kit().words().expose_secret().split(' ').map(str::to_owned).collect();
        assert_eq!(fails(&words[..23].join(" ")), KitError::WordCount { found: 23 });
        assert_eq!(fails(" \n# only a comment\n"), KitError::Empty);
        assert_eq!(fails(&format!("{}zoo", "abandon ".repeat(23))), KitError::Checksum);
        words[6] = "Abandn".into();
        assert_eq!(fails(&words.join(" ")), KitError::UnknownWord { position: 7, word: "abandn".into() });
        let line = kit().identity().secret_text().expose_secret().to_owned();
        assert_eq!(fails(&format!("{line}\n{line}")), KitError::SeveralKeys);
        assert_eq!(fails(&line[..40]), KitError::Key(KeyTextError::Damaged));
        assert_eq!(fails("AGE-SECRET-KEY-1QQQ"), KitError::ClassicKey);
        assert_eq!(fails(&kit().identity().to_recipient().unwrap().to_string()), KitError::RecipientGiven);
    }
}
