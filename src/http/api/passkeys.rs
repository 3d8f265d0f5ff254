//! Challenges for new passkeys.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Needs;
use crate::app::App;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::Anyone;
use crate::http::view::passkey::{PasskeyMakingView, PasskeyWantedView};

/// New passkeys.
pub struct PasskeysApi;

#[OpenApi]
impl PasskeysApi {
    /// Begins to make a passkey: in set-up, when joining, or for oneself.
    #[oai(
        path = "/passkeys/challenges",
        method = "post",
        tag = "Needs::SetUpPractice",
        tag = "Needs::Join",
        tag = "Needs::OwnAccount"
    )]
    async fn begin(
        &self,
        app: Data<&App>,
        who: Anyone,
        body: Body<PasskeyWantedView>,
    ) -> Result<Json<PasskeyMakingView>, Problem> {
        let (person, name) = (body.value.person.0, body.value.name.clone());
        let purpose = body.value.purpose()?;
        let shown = name.clone();
        let made = blocking(&app, move |app| app.begin_passkey(who.actor(), person, &name, purpose)).await?;
        Ok(Json(PasskeyMakingView::of(made, person, shown)))
    }
}
