//! Invites: looked at and used by people who are not signed in yet.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::{Json, Response};

use super::Needs;
use crate::app::App;
use crate::app::join::Join;
use crate::domain::id::InviteId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::early::Joining;
use crate::http::session::{Anyone, entered_me};
use crate::http::view::invite::{InviteView, JoinView};
use crate::http::view::me::MeView;
use crate::http::view::text::Text;

/// Invites.
pub struct InvitesApi;

#[OpenApi]
impl InvitesApi {
    /// An open invite.
    #[oai(path = "/invites/:invite", method = "get", tag = "Needs::Join")]
    async fn see(
        &self,
        app: Data<&App>,
        who: Anyone,
        invite: Path<Text<InviteId>>,
    ) -> Result<Json<InviteView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.invite(who.actor(), invite.0.0)).await?.into()))
    }

    /// Joins by an invite, and signs in.
    #[oai(path = "/invites/:invite/join", method = "post", tag = "Needs::Join")]
    async fn join(
        &self,
        app: Data<&App>,
        who: Joining,
        invite: Path<Text<InviteId>>,
        body: Body<JoinView>,
    ) -> Result<Response<Json<MeView>>, Problem> {
        let join = Join::try_from(body.value)?;
        let entered = blocking(&app, move |app| app.join(&who.asker, invite.0.0, join)).await?;
        Ok(entered_me(entered))
    }
}
