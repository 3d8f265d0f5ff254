//! The event stream: what changed, told to each device that may know it. Ids and cursors, never content.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, unfold};
use poem::web::Data;
use poem::web::sse::Event;
use poem_openapi::payload::EventStream;
use poem_openapi::types::ToJSON as _;
use poem_openapi::{Object, OpenApi};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::{Interval, interval};

use super::Needs;
use crate::app::{App, Told};
use crate::domain::id::{PersonId, SessionId, SpaceId};
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::session::SignedIn;
use crate::http::view::text::Text;
use crate::store::Notice;

/// How often a quiet stream shows that it lives, and looks whether its session does.
const PING_EVERY: Duration = Duration::from_secs(20);

/// The event stream.
pub struct EventsApi;

/// The data of one event.
#[derive(Clone, Debug, Default, Object)]
#[oai(rename = "ChangeEvent")]
pub struct EventView {
    #[oai(skip)]
    kind: &'static str,
    /// A space with new records …
    #[oai(skip_serializing_if_is_none)]
    space: Option<Text<SpaceId>>,
    /// … up to this change cursor.
    #[oai(skip_serializing_if_is_none)]
    seq: Option<u64>,
    /// A space whose roster grew …
    #[oai(skip_serializing_if_is_none)]
    roster: Option<Text<SpaceId>>,
    /// … to this length.
    #[oai(skip_serializing_if_is_none)]
    n: Option<u64>,
    /// One's account changed, up to this cursor.
    #[oai(skip_serializing_if_is_none)]
    account: Option<u64>,
    /// A space that one was removed from.
    #[oai(skip_serializing_if_is_none)]
    removed: Option<Text<SpaceId>>,
}

struct Listener {
    app: App,
    notices: Receiver<Told>,
    person: PersonId,
    session: SessionId,
    ping: Interval,
}

#[OpenApi]
impl EventsApi {
    /// What changes from now on: `change` events, a `ping` every 20 seconds, `resync` for a device that fell behind.
    #[oai(path = "/events", method = "get", tag = "Needs::ReadSpaces")]
    async fn listen(
        &self,
        app: Data<&App>,
        who: SignedIn,
    ) -> Result<EventStream<BoxStream<'static, EventView>>, Problem> {
        let notices = app.listen();
        let (person, session) = blocking(&app, move |app| app.may_listen(&who.asker)).await?;
        // The first tick comes at once: the device learns that the stream is open.
        let listener = Listener { app: app.clone(), notices, person, session, ping: interval(PING_EVERY) };
        let stream = EventStream::new(unfold(listener, Listener::next).boxed());
        Ok(stream.to_event(|view| Event::message(view.to_json_string()).event_type(view.kind)))
    }
}

impl Listener {
    /// The next event, or the end of the stream when the session is over or locked.
    async fn next(mut self) -> Option<(EventView, Self)> {
        loop {
            let heard = tokio::select! {
                _ = self.ping.tick() => None,
                heard = self.notices.recv() => Some(heard),
            };
            let view = match heard {
                None => self.ping().await?,
                // The end of the session may be among the notices that were missed.
                Some(Err(RecvError::Lagged(_))) => EventView { kind: "resync", ..self.ping().await? },
                Some(Err(RecvError::Closed)) => return None,
                Some(Ok(told)) if !told.is_for(self.person, self.session) => continue,
                Some(Ok(Told::Members(notice, _) | Told::One(notice))) => change(notice)?,
                Some(Ok(Told::Everything)) => EventView { kind: "resync", ..EventView::default() },
            };
            return Some((view, self));
        }
    }

    async fn ping(&self) -> Option<EventView> {
        let session = self.session;
        let open = blocking(&self.app, move |app| app.is_open(session)).await.ok()?;
        open.then(|| EventView { kind: "ping", ..EventView::default() })
    }
}

/// The event of a notice; `None` for the end of one's session.
fn change(notice: Notice) -> Option<EventView> {
    let view = EventView { kind: "change", ..EventView::default() };
    match notice {
        Notice::Record { space, seq } => Some(EventView { space: Some(Text(space)), seq: Some(seq), ..view }),
        Notice::Roster { space, size } => Some(EventView { roster: Some(Text(space)), n: Some(size), ..view }),
        Notice::Account { cursor, .. } => Some(EventView { account: Some(cursor), ..view }),
        Notice::Removed { space, .. } => Some(EventView { removed: Some(Text(space)), ..view }),
        Notice::Ended { .. } => None,
    }
}
