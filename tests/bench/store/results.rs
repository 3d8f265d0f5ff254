//! Numbers of several rounds, side by side with the goals.

use std::{collections::HashMap, fs};

/// One line of the table: what is measured and how far ours may be from the others.
pub struct Measure {
    pub order: &'static str,
    pub name: &'static str,
    pub unit: &'static str,
    /// Divides what a contender answers for the table.
    pub scale: u64,
    /// Hundredths of the plain redb's, and of `SQLCipher`'s.
    pub goals: [Option<u64>; 2],
    /// Added to the goal beside redb: a fixed cost.
    pub fixed: u64,
}

/// What was answered, by order and contender, slice by slice.
#[derive(Default)]
pub struct Results(HashMap<(&'static str, &'static str), Vec<u64>>);

impl Results {
    pub fn note(&mut self, order: &'static str, contender: &'static str, answer: u64) {
        self.0.entry((order, contender)).or_default().push(answer);
    }

    fn of(&self, order: &'static str, contender: &'static str) -> Option<&Vec<u64>> {
        self.0.get(&(order, contender))
    }

    pub fn median(&self, order: &'static str, contender: &'static str) -> Option<u64> {
        self.of(order, contender).map(|answers| middle(answers.clone()))
    }

    /// The middle of the slices' ratios, in hundredths: each compares what ran side by side.
    fn ratio(&self, order: &'static str, to: &'static str, fixed: u64) -> Option<u64> {
        let (ours, theirs) = (self.of(order, "ours")?, self.of(order, to)?);
        let ratios = ours.iter().zip(theirs).map(|(ours, theirs)| ours.saturating_sub(fixed) * 100 / theirs.max(&1));
        Some(middle(ratios.collect()))
    }

    /// Prints a line for each measure, and says how many goals were missed.
    pub fn print(&self, measures: &[Measure], contenders: &[&'static str]) -> usize {
        print!("\n{:<46}", "medians");
        for name in contenders {
            print!("{name:>11}");
        }
        println!("{:>22}{:>22}", "ours / redb (goal)", "ours / SQLCipher (goal)");
        let mut missed = 0;
        for measure in measures {
            print!("{:<46}", format!("{}, {}", measure.name, measure.unit));
            for name in contenders {
                let cell = self.median(measure.order, name).map(|answer| (answer / measure.scale).to_string());
                print!("{:>11}", cell.unwrap_or_else(|| "-".to_owned()));
            }
            for (to, goal) in ["redb", "sqlcipher"].into_iter().zip(measure.goals) {
                let fixed = if to == "redb" { measure.fixed } else { 0 };
                let (cell, is_missed) = verdict(self.ratio(measure.order, to, fixed), goal);
                print!("{cell:>22}");
                missed += usize::from(is_missed);
            }
            println!();
        }
        missed
    }
}

fn verdict(ratio: Option<u64>, goal: Option<u64>) -> (String, bool) {
    match (ratio, goal) {
        (None, _) => ("-".to_owned(), false),
        (Some(ratio), None) => (hundredths(ratio), false),
        (Some(ratio), Some(goal)) => {
            let mark = if ratio > goal { "MISSED" } else { "ok" };
            (format!("{} ({}) {mark:<6}", hundredths(ratio), hundredths(goal)), ratio > goal)
        }
    }
}

pub fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

/// The middle one; of an even number, the upper.
pub fn middle(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

pub fn load() -> String {
    fs::read_to_string("/proc/loadavg").map_or_else(|_| "unknown".into(), |text| text.trim().to_owned())
}
