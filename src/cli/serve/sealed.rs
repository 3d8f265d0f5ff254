//! A server whose data is closed: it waits for somebody to open it, on its unseal page or over the control socket.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::{sync::watch, time::interval};

use super::Service;
use crate::{
    app::App,
    cli::{control::Handler, error::CommandError, open, reach, seal, secret, start_message::SealedMessage, status},
    clock::Clock,
    config::{Places, ServeSettings},
    http::{self, Unopened, Unseal, rates, server::Server},
    store::{BlockError, Held, StoreError},
    tls::SealedPage,
};

/// The closed data, and the application once somebody opened it.
struct Gate {
    held: Held,
    places: Places,
    clock: Clock,
    opened: Mutex<Option<App>>,
    told: watch::Sender<bool>,
}

/// Serves the sealed state. The open application, or nothing when it was told to stop.
pub async fn serve(service: &mut Service, held: Held) -> Result<Option<App>, CommandError> {
    let ServeSettings { places, listen, origin, certificate, limits, storage: _ } = service.sealed_settings()?;
    let page = SealedPage::open(&places.tls_dir(), &origin, certificate, service.clock.now())?;
    let server = match service.socket.take() {
        Some(socket) => Server::on(socket, page.tls, limits)?,
        None => Server::bind(listen, page.tls, limits).await?,
    };
    service.socket = Some(server.socket()?);
    let control = service.control()?;
    let (told, mut opened) = watch::channel(false);
    let gate = Arc::new(Gate { held, places, clock: service.clock.clone(), opened: Mutex::default(), told });
    let front = http::sealed_endpoint(&origin, &limits, service.clock.clone(), unseal(&gate));
    let (rates, listening) = (front.rates(), server.local_addr());
    let reachable = reach::addresses(listening);
    let message = SealedMessage { origin: &origin, certificate: page.fingerprint, listening, reachable: &reachable };
    if !service.output.is_quiet() {
        service.output.answer(&message.words(), &message.value());
    }
    tracing::warn!(%origin, %listening, "sealed: waiting for `alcove seal unseal` or the unseal page");
    let stop = service.stop.clone();
    let end = async move {
        tokio::select! {
            () = stop.wait() => (),
            _ = opened.wait_for(|opened| *opened) => (),
        }
    };
    tokio::select! {
        () = server.run(front, end) => (),
        () = control.run(handler(&gate)) => (),
        () = forget(&rates) => (),
    }
    service.control = Some(control);
    let app = gate.opened().take();
    if app.is_none() {
        tracing::info!("stopped");
    }
    Ok(app)
}

impl Gate {
    fn opened(&self) -> std::sync::MutexGuard<'_, Option<App>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the data with what somebody typed, or with the keyfile that is at hand. One at a time.
    fn open(&self, typed: Option<&str>) -> Result<(), CommandError> {
        let mut opened = self.opened();
        if opened.is_some() || *self.told.borrow() {
            return Ok(());
        }
        let unlock = match typed {
            Some(typed) => secret::parse(typed)?,
            None => open::at_hand(&self.places, &self.held.seal_info()?)?
                .ok_or_else(|| CommandError::NoKey(self.places.key_file.clone()))?,
        };
        let app = open::unseal(&self.held, &unlock, &self.places, self.clock.clone())?;
        tracing::info!(by = %unlock.kind(), "unsealed");
        *opened = Some(app);
        self.told.send_replace(true);
        Ok(())
    }
}

async fn forget(rates: &rates::Rates) {
    let mut tick = interval(rates::FORGET_EVERY);
    loop {
        tick.tick().await;
        rates.forget_full();
    }
}

fn unseal(gate: &Arc<Gate>) -> Unseal {
    let gate = gate.clone();
    Arc::new(move |typed: &str| {
        gate.open(Some(typed)).map_err(|error| match &error {
            CommandError::Kit(_) => Unopened::Wrong("This is no kit: compare each word with the paper.".into()),
            CommandError::Store(StoreError::File(
                wrong @ (BlockError::WrongPassphrase
                | BlockError::WrongKit
                | BlockError::NoSlot(_)
                | BlockError::NoMemory),
            )) => Unopened::Wrong(wrong.to_string()),
            _ => {
                tracing::error!(%error, "the practice could not be unsealed");
                Unopened::Failed
            }
        })
    })
}

/// What commands can ask of a sealed server.
fn handler(gate: &Arc<Gate>) -> Handler {
    let gate = gate.clone();
    Arc::new(move |request: &Value| {
        let report = || Ok::<_, CommandError>(seal::describe(&gate.held.seal_info()?, "sealed", &gate.places));
        match request["do"].as_str() {
            Some("seal-status") => report(),
            Some("status") => Ok(status::of_sealed(&report()?)),
            Some("unseal") => gate.open(request["secret"].as_str()).map(|()| json!({ "state": "open" })),
            _ => Err(CommandError::Sealed("open it with `alcove seal unseal`, then repeat this".into())),
        }
    })
}
