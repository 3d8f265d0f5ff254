//! Spaces: rosters, grants, members, and what devices bring back after a restore.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;

use super::{Done, Needs};
use crate::app::App;
use crate::app::space::{GrantMade, RosterChange};
use crate::domain::id::SpaceId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::record::{ReofferView, RetakenView};
use crate::http::view::space::{GrantsMadeView, GrantsView, MembersView, RosterAppendView, RosterHeadView, RosterView};
use crate::http::view::text::Text;

/// Spaces.
pub struct SpacesApi;

#[OpenApi]
impl SpacesApi {
    /// The roster's entries.
    #[oai(path = "/spaces/:space/roster", method = "get", tag = "Needs::ReadSpaces")]
    async fn roster(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
        /// The first entry wanted, from 0.
        from: Query<Option<u64>>,
    ) -> Result<Json<RosterView>, Problem> {
        let from = from.0.unwrap_or(0);
        Ok(Json(blocking(&app, move |app| app.roster(who.actor(), space.0.0, from)).await?.into()))
    }

    /// Changes the roster, if its head is still the expected one.
    #[oai(path = "/spaces/:space/roster", method = "post", tag = "Needs::ChangeRosters")]
    async fn change_roster(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
        /// Makes repeats of this request harmless.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Body<RosterAppendView>,
    ) -> Result<Json<RosterHeadView>, Problem> {
        let once = body.once(format!("POST /spaces/{}/roster", space.0.0), key.as_deref())?;
        let (space, change) = (space.0.0, RosterChange::try_from(body.value)?);
        let done = blocking(&app, move |app| app.change_roster(who.actor(), once.as_ref(), space, &change)).await?;
        Ok(Json(done.into()))
    }

    /// One's grants.
    #[oai(path = "/spaces/:space/grants", method = "get", tag = "Needs::ReadSpaces")]
    async fn grants(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
    ) -> Result<Json<GrantsView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.grants(who.actor(), space.0.0)).await?.into()))
    }

    /// Grants epochs to other members.
    #[oai(path = "/spaces/:space/grants", method = "post", tag = "Needs::ChangeRosters")]
    async fn grant(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
        /// Makes repeats of this request harmless.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Body<GrantsMadeView>,
    ) -> Result<Done, Problem> {
        let once = body.once(format!("POST /spaces/{}/grants", space.0.0), key.as_deref())?;
        let made: Vec<GrantMade> = body.value.grants.into_iter().map(Into::into).collect();
        blocking(&app, move |app| app.grant(who.actor(), once.as_ref(), space.0.0, &made)).await?;
        Ok(Done::Done)
    }

    /// The members with their key statements.
    #[oai(path = "/spaces/:space/members", method = "get", tag = "Needs::ReadSpaces")]
    async fn members(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
    ) -> Result<Json<MembersView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.members(who.actor(), space.0.0)).await?.into()))
    }

    /// Brings back what a restored server lost.
    #[oai(path = "/spaces/:space/reoffers", method = "post", tag = "Needs::WriteRecords")]
    async fn reoffer(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
        /// Makes repeats of this request harmless.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Body<ReofferView>,
    ) -> Result<Json<RetakenView>, Problem> {
        let once = body.once(format!("POST /spaces/{}/reoffers", space.0.0), key.as_deref())?;
        let (space, offer) = (space.0.0, body.value.into());
        Ok(Json(blocking(&app, move |app| app.reoffer(who.actor(), once.as_ref(), space, &offer)).await?.into()))
    }
}
