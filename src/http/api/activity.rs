//! What happened to accounts, as their holders may see it.

use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, OpenApi};

use super::Needs;
use crate::app::App;
use crate::app::activity::Look;
use crate::domain::audit::Topic;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::session::SignedIn;
use crate::http::view::activity::ActivityView;

/// What acts are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "Topic", rename_all = "lowercase")]
pub enum TopicView {
    /// Accounts and access.
    Account,
    /// Sealed content that was written, or handed to devices.
    Content,
}

/// What happened to accounts.
pub struct ActivityApi;

#[OpenApi]
impl ActivityApi {
    /// What happened to one's own account, newest first.
    #[oai(path = "/me/activity", method = "get", tag = "Needs::OwnAccount")]
    async fn own(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// Only acts before this position.
        before: Query<Option<u64>>,
        /// How many, 200 at most; 50 without it.
        limit: Query<Option<usize>>,
        /// Of what; `account` without it.
        topic: Query<Option<TopicView>>,
    ) -> Result<Json<ActivityView>, Problem> {
        let look = look(before.0, limit.0, topic.0);
        Ok(Json(blocking(&app, move |app| app.own_activity(who.actor(), look)).await?.into()))
    }
}

fn look(before: Option<u64>, limit: Option<usize>, topic: Option<TopicView>) -> Look {
    let topic = match topic {
        Some(TopicView::Content) => Topic::Content,
        Some(TopicView::Account) | None => Topic::Account,
    };
    Look { before, limit, topic }
}
