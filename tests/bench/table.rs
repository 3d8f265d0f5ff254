//! Names, numbers and goals.

use std::fs;

/// Rows in the order of measuring.
pub struct Table {
    rows: Vec<(String, u64, Option<u64>)>,
}

impl Table {
    pub fn new() -> Self {
        println!("load before: {}", load());
        Self { rows: Vec::new() }
    }

    /// A number, and the most that it should be.
    pub fn row(&mut self, name: &str, value: u64, goal: Option<u64>) {
        self.rows.push((name.to_owned(), value, goal));
    }

    pub fn print(&self) {
        println!("load after:  {}\n\n{:<62}{:>10}{:>10}", load(), "", "median", "goal");
        for (name, value, goal) in &self.rows {
            let (limit, verdict) = match goal {
                Some(limit) if value <= limit => (limit.to_string(), "  ok"),
                Some(limit) => (limit.to_string(), "  over"),
                None => (String::new(), ""),
            };
            println!("{name:<62}{value:>10}{limit:>10}{verdict}");
        }
    }
}

/// The middle one; of an even number, the upper.
pub fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

fn load() -> String {
    fs::read_to_string("/proc/loadavg").map_or_else(|_| "unknown".into(), |text| text.trim().to_owned())
}
