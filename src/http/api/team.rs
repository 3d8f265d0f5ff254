//! The team: begun once, listed for its members.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Header;
use poem_openapi::payload::Json;

use super::{Done, Needs};
use crate::app::App;
use crate::app::space::SpaceMade;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::space::SpaceMadeView;
use crate::http::view::team::TeamView;

/// The team.
pub struct TeamApi;

#[OpenApi]
impl TeamApi {
    /// Begins the team, before the first colleague is invited.
    #[oai(path = "/team", method = "post", tag = "Needs::ManagePeople")]
    async fn begin(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// Makes repeats of this request harmless.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Body<SpaceMadeView>,
    ) -> Result<Done, Problem> {
        let once = body.once("POST /team", key.as_deref())?;
        let made: SpaceMade = body.value.into();
        blocking(&app, move |app| app.begin_team(who.actor(), once.as_ref(), &made)).await?;
        Ok(Done::Done)
    }

    /// The colleagues in the team.
    #[oai(path = "/colleagues", method = "get", tag = "Needs::ReadSpaces")]
    async fn colleagues(&self, app: Data<&App>, who: SignedIn) -> Result<Json<TeamView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.colleagues(who.actor())).await?.into()))
    }
}
