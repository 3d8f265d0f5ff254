//! The signals that stop the program, for whatever waits.

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

use crate::cli::error::CommandError;

/// Whether a stop was asked for.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Catches the signals from now on.
    pub fn listen() -> Result<Self, CommandError> {
        let mut terminate: Signal = signal(SignalKind::terminate())?;
        let mut interrupt: Signal = signal(SignalKind::interrupt())?;
        let (tell, told) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => (),
                _ = interrupt.recv() => (),
            }
            tracing::info!("stopping: running requests may finish");
            tell.send_replace(true);
            // Kept, so that whoever waits never takes its end for a signal.
            tell.closed().await;
        });
        Ok(Self(told))
    }

    /// True once a stop was asked for.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for it.
    pub async fn wait(mut self) {
        drop(self.0.wait_for(|asked| *asked).await);
    }
}
