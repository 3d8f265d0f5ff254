//! The practice: seen from outside, claimed, set up.

use poem::http::header;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::{Json, Response};

use super::{Done, Needs};
use crate::app::App;
use crate::app::practice::SetUp;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::early::SettingUp;
use crate::http::session::{Anyone, cookie, entered_me};
use crate::http::view::me::MeView;
use crate::http::view::practice::{ClaimView, PracticeView, SetUpView};

/// The practice.
pub struct PracticeApi;

#[OpenApi]
impl PracticeApi {
    /// What anybody may see of the practice.
    #[oai(path = "/practice", method = "get", tag = "Needs::Nothing")]
    async fn see(&self, app: Data<&App>) -> Result<Json<PracticeView>, Problem> {
        Ok(Json(blocking(&app, App::doorplate).await?.into()))
    }

    /// Uses up a claim code; the cookie is that of the set-up session.
    #[oai(path = "/claims", method = "post", tag = "Needs::ClaimPractice")]
    async fn claim(&self, app: Data<&App>, who: Anyone, body: Body<ClaimView>) -> Result<Response<Done>, Problem> {
        let token = blocking(&app, move |app| app.claim(who.actor(), &body.value.code)).await?;
        Ok(Response::new(Done::Done).header(header::SET_COOKIE, cookie(&token)))
    }

    /// Sets the practice up and signs its first owner in.
    #[oai(path = "/practice", method = "post", tag = "Needs::SetUpPractice")]
    async fn set_up(
        &self,
        app: Data<&App>,
        who: SettingUp,
        body: Body<SetUpView>,
    ) -> Result<Response<Json<MeView>>, Problem> {
        let set_up = SetUp::try_from(body.value)?;
        let entered = blocking(&app, move |app| app.set_up(&who.asker.actor, &set_up)).await?;
        Ok(entered_me(entered))
    }
}
