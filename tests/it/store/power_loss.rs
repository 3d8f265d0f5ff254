//! The power fails at every moment, in every way that disks are known for: the file opens, and holds the state that was
//! acknowledged last or the one on its way. README.md beside this file says how to run it longer.

pub use super::model::Model;
use super::{explorer::explore_together, sampled};

const IMAGES: u64 = 36_000;

#[test]
fn every_moment_of_a_power_failure_leaves_a_whole_state() {
    let (seed, images) = sampled("ALCOVE_POWER_LOSS_IMAGES", IMAGES);
    let tally = explore_together(seed, images);
    println!("{tally}");
    assert!(tally.failures.is_empty(), "ALCOVE_SEED={seed}: {:#?}", tally.failures);
    let lacking = tally.lacking();
    assert!(images < IMAGES || lacking.is_empty(), "ALCOVE_SEED={seed}: no history had {lacking:?}");
}
