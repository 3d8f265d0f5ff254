//! Nobody else opens the file while the server has it: not while a new data key's file takes the old one's name, either.

use std::process::{Command, Stdio};

use alcove::{
    clock::Clock,
    store::{BlockError, Keyfile, Store, StoreError, Unlock},
};

use super::{line::Line, practice::Practice, work::Acknowledged};
use crate::{store::sim_disk::Rng, support::alcove};

#[test]
fn a_second_opener_is_refused_while_a_rotation_changes_files() {
    let running = Practice::found().serve();
    let (mut rng, mut known) = (Rng::new(7), Acknowledged::default());
    let mut line = Line::to(&running.process.trust, &running.cookie).unwrap();
    let space = running.space.to_string();
    for _ in 0..40 {
        known.work(&mut line, &space, &mut rng).unwrap().unwrap();
    }
    let data = running.process.data_dir().to_owned();
    let command = |arguments: &[&str]| -> Command {
        let mut command = alcove(running.process.home(), &data);
        command.arg("--json").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let keyfile = Keyfile::from_slice(&[7; 32]).unwrap();
    let mut tries = 0;
    for _ in 0..2 {
        let mut rotation = command(&["key", "rotate"]).spawn().unwrap();
        loop {
            match Store::open(&data, &Unlock::Keyfile(keyfile.clone()), Clock::default()) {
                Err(StoreError::File(BlockError::InUse)) => tries += 1,
                other => panic!("try {tries}: {other:?}"),
            }
            if rotation.try_wait().unwrap().is_some() {
                break;
            }
        }
        let done = rotation.wait_with_output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    let second = command(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("another Alcove is running"));
    assert!(tries > 20, "the rotation was over after {tries} tries");
    assert_eq!(known.missing(&mut line, &space, true, &mut rng).unwrap(), Vec::<String>::new());
}
