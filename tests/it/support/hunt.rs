//! Hunts for a text wherever the program may have left it: in files and in its memory, in the forms that programs
//! give texts. It greps, since a debug build searches too slowly itself.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};
use tempfile::NamedTempFile;

const PIECE_BYTES: usize = 1 << 20;

/// One text to hunt for.
pub struct Hunt {
    forms: NamedTempFile,
}

impl Hunt {
    /// Letters and digits only, and enough of them never to occur by chance.
    pub fn for_text(text: &str) -> Self {
        assert!(text.len() >= 12);
        let mut forms = NamedTempFile::new().unwrap();
        forms.write_all(&all_forms(text).join(&b'\n')).unwrap();
        Self { forms }
    }

    /// The files at or below `at` that hold it.
    pub fn in_files(&self, at: &Path) -> Vec<PathBuf> {
        let mut grep = Command::new("grep");
        grep.env("LC_ALL", "C").args(["-r", "-l", "-a", "-F", "-D", "skip", "-f"]).arg(self.forms.path()).arg(at);
        let found = grep.output().unwrap();
        assert!(found.status.code() < Some(2), "{}", String::from_utf8_lossy(&found.stderr));
        String::from_utf8_lossy(&found.stdout).lines().map(PathBuf::from).collect()
    }

    /// Whether these bytes hold it.
    pub fn in_bytes(&self, bytes: &[u8]) -> bool {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        !self.in_files(file.path()).is_empty()
    }

    /// Whether the memory of a process holds it: everything readable, as it is now.
    pub fn in_memory(&self, process: u32) -> bool {
        let mut dump = NamedTempFile::new().unwrap();
        let (mut memory, mut bytes) = (File::open(format!("/proc/{process}/mem")).unwrap(), 0);
        for (from, to) in readable(process) {
            bytes += copy(&mut memory, from, to, dump.as_file_mut());
        }
        assert!(bytes > 1 << 20, "hardly anything of the process could be read: {bytes} bytes");
        !self.in_files(dump.path()).is_empty()
    }
}

/// As it is, in two bytes a letter, in hexadecimal, and in base64 wherever it begins in a longer text.
fn all_forms(text: &str) -> Vec<Vec<u8>> {
    let wide = text.bytes().flat_map(|letter| [letter, 0]).collect();
    let hex = text.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    let mut forms = vec![text.into(), wide, hex.to_uppercase().into_bytes(), hex.into_bytes()];
    for before in 0..3 {
        let inner = within_base64(text, before);
        forms.extend([inner.replace('+', "-").replace('/', "_").into_bytes(), inner.into_bytes()]);
    }
    forms
}

/// The characters of base64 that depend on the text alone when so many bytes stand before it, modulo three.
fn within_base64(text: &str, before: usize) -> String {
    let encoded = BASE64_STANDARD_NO_PAD.encode([&vec![0; before], text.as_bytes()].concat());
    let shared_end = usize::from(!(before + text.len()).is_multiple_of(3));
    encoded[(before * 8).div_ceil(6)..encoded.len() - shared_end].to_owned()
}

/// The readable ranges of a process that are memory, not devices.
fn readable(process: u32) -> Vec<(u64, u64)> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let ranges = maps.lines().filter(|line| !line.contains("[v") && !line.contains("/dev/"));
    let parse = |line: &str| {
        let (range, rest) = line.split_once(' ')?;
        let (from, to) = range.split_once('-')?;
        let number = |text| u64::from_str_radix(text, 16).ok();
        rest.starts_with('r').then_some((number(from)?, number(to)?))
    };
    ranges.filter_map(parse).collect()
}

/// Copies a range, without pages of zeros: most of what is reserved was never used.
fn copy(memory: &mut File, from: u64, to: u64, into: &mut File) -> usize {
    let (mut piece, zeros) = (vec![0; PIECE_BYTES], vec![0; PIECE_BYTES]);
    let (mut at, mut copied) = (from, 0);
    memory.seek(SeekFrom::Start(from)).unwrap();
    while at < to {
        let wanted = PIECE_BYTES.min(usize::try_from(to - at).unwrap());
        // The range may be gone meanwhile, or be one that the system lets nobody read.
        let Ok(read @ 1..) = memory.read(&mut piece[..wanted]) else { break };
        at += read as u64;
        if piece[..read] != zeros[..read] {
            into.write_all(&piece[..read]).unwrap();
            copied += read;
        }
    }
    copied
}

#[test]
fn the_hunt_finds_every_form_in_files_and_in_memory() {
    let text = "Quarry0123456789x";
    let hunt = Hunt::for_text(text);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let in_base64 = |before: &str| BASE64_STANDARD_NO_PAD.encode(format!("{before}{text} and after")).into_bytes();
    for form in [text.into(), wide, in_base64(""), in_base64("a"), in_base64("ab"), in_base64("abc")] {
        assert!(hunt.in_bytes(&[b"before".as_slice(), &form, b"\0after"].concat()), "{form:?}");
    }
    assert!(!hunt.in_bytes(b"Quarry 0123456789x"));
    let script = format!("held={text}; read line");
    let mut child = Command::new("sh").args(["-c", &script]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    let found = hunt.in_memory(child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(found);
}
