//! What happened to accounts, as their holders may see it.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, OpenApi};

use super::Needs;
use crate::app::App;
use crate::app::activity::Look;
use crate::domain::audit::Topic;
use crate::domain::id::PersonId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::session::SignedIn;
use crate::http::view::activity::ActivityView;
use crate::http::view::anomaly::AnomaliesView;
use crate::http::view::text::Text;

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

    /// What happened to somebody's account and what they did, newest first.
    #[oai(path = "/people/:person/activity", method = "get", tag = "Needs::SeeSecurity")]
    async fn of_person(
        &self,
        app: Data<&App>,
        who: SignedIn,
        person: Path<Text<PersonId>>,
        /// Only acts before this position.
        before: Query<Option<u64>>,
        /// How many, 200 at most; 50 without it.
        limit: Query<Option<usize>>,
    ) -> Result<Json<ActivityView>, Problem> {
        let (person, look) = (person.0.0, look(before.0, limit.0, None));
        Ok(Json(blocking(&app, move |app| app.activity_of(who.actor(), person, look)).await?.into()))
    }

    /// What looked unusual about how people come in, newest first.
    #[oai(path = "/anomalies", method = "get", tag = "Needs::SeeSecurity")]
    async fn anomalies(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// Only those before this position.
        before: Query<Option<u64>>,
        /// How many, 200 at most; 50 without it.
        limit: Query<Option<usize>>,
    ) -> Result<Json<AnomaliesView>, Problem> {
        let (before, limit) = (before.0, limit.0);
        Ok(Json(blocking(&app, move |app| app.anomalies(who.actor(), before, limit)).await?.into()))
    }
}

fn look(before: Option<u64>, limit: Option<usize>, topic: Option<TopicView>) -> Look {
    let topic = match topic {
        Some(TopicView::Content) => Topic::Content,
        Some(TopicView::Account) | None => Topic::Account,
    };
    Look { before, limit, topic }
}
