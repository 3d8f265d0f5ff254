//! How a command reaches a running server: `control.sock` in the data directory, for the server's own user and root.
//! One JSON object a line each way: `{"do": "claim"}` is answered by `{"ok": …}` or
//! `{"error": "…", "exit": 1}`.

mod client;
mod place;
mod server;

pub use client::{Asked, ask};
pub use server::{Handler, Listening};

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::{Asked, Handler, Listening, ask};
    use crate::backup::BackupError;
    use crate::cli::error::CommandError;
    use crate::config::ConfigError;

    /// Scripts tell a backup that does not restore from a full disk by the exit code, whoever made it.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_refusal_keeps_its_exit_code_and_words() {
        let dir = tempfile::tempdir().unwrap();
        let listening = Listening::bind(dir.path()).unwrap();
        let handler: Handler = Arc::new(|request| match request["do"].as_str() {
            Some("damaged") => Err(BackupError::Damaged { what: "a hole".into() }.into()),
            Some("full") => Err(BackupError::DiskFull.into()),
            Some("sealed") => Err(CommandError::NoKey("key".into())),
            Some("config") => Err(ConfigError::HalfACertificate.into()),
            _ => Ok(json!("done")),
        });
        let path = dir.path().to_owned();
        let asking = tokio::task::spawn_blocking(move || {
            for (word, exit, words) in
                [("damaged", 5, "a hole"), ("full", 1, "the disk is full"), ("sealed", 4, "key"), ("config", 3, "")]
            {
                let error = ask(&path, &json!({ "do": word })).err().unwrap();
                assert_eq!(error.exit(), exit, "{word}");
                assert!(error.to_string().contains(words), "{error}");
            }
            assert!(matches!(ask(&path, &json!({ "do": "x" })), Ok(Asked::Answered(answer)) if answer == "done"));
        });
        tokio::select! {
            () = listening.run(handler) => unreachable!(),
            asked = asking => asked.unwrap(),
        }
    }
}
