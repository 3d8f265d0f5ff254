//! People's devices without screens: web/tools/devices.ts, which has the same engine as the browser, driven by lines.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use super::{need, web};

/// Some devices, and what they remember as long as this lives.
pub struct Devices {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// The name of a refusal, by the device or by the practice.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused(pub String);

impl Devices {
    /// New devices that know nobody yet, for the people in a seed's file.
    pub fn new(origin: &str, seeded: &Path, authority: &Path) -> Self {
        need("node", "Node.js 20.19 or newer");
        // Not through npm, so that it ends with us for certain.
        let mut command = Command::new("node");
        command.current_dir(web()).env("NODE_EXTRA_CA_CERTS", authority).env("ALCOVE_TOOL_STARTED", "1");
        command.env("TMPDIR", seeded.parent().unwrap());
        command.args(["--import", "tsx", "tools/devices.ts", "--url", origin, "--in"]).arg(seeded);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (orders, answers) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, orders, answers }
    }

    /// Tells one of them to do something; `who` is `"owner"` or the place of a client.
    pub fn ask(&mut self, who: impl Into<Value>, verb: &str, more: &Value) -> Result<Value, Refused> {
        let mut order = json!({ "as": who.into(), "do": verb });
        order.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{order}: {line:?}"));
        match answer["error"].as_str() {
            Some(code) => Err(Refused(code.to_owned())),
            None => Ok(answer["ok"].take()),
        }
    }

    /// The same, where it must work.
    pub fn must(&mut self, who: impl Into<Value> + Clone, verb: &str, more: &Value) -> Value {
        let name = who.clone().into();
        self.ask(who, verb, more).unwrap_or_else(|Refused(code)| panic!("{name} cannot {verb}: {code}"))
    }
}

impl Drop for Devices {
    fn drop(&mut self) {
        drop(self.orders.take());
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
