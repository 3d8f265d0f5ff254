//! Reviews of who has access.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Needs;
use crate::app::App;
use crate::domain::id::{PersonId, ReviewId};
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::review::{ReviewDecidedView, ReviewView, ReviewsView};
use crate::http::view::text::Text;

/// Reviews of who has access.
pub struct ReviewsApi;

#[OpenApi]
impl ReviewsApi {
    /// Every review, and when the next one is due.
    #[oai(path = "/reviews", method = "get", tag = "Needs::ReviewAccess")]
    async fn list(&self, app: Data<&App>, who: SignedIn) -> Result<Json<ReviewsView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.reviews(who.actor())).await?.into()))
    }

    /// Begins a review of everybody who works in the practice.
    #[oai(path = "/reviews", method = "post", tag = "Needs::ReviewAccess")]
    async fn open(&self, app: Data<&App>, who: SignedIn) -> Result<Json<ReviewView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.open_review(who.actor())).await?.into()))
    }

    /// Decides about one person.
    #[oai(path = "/reviews/:review/lines/:person", method = "put", tag = "Needs::ReviewAccess")]
    async fn decide(
        &self,
        app: Data<&App>,
        who: SignedIn,
        review: Path<Text<ReviewId>>,
        person: Path<Text<PersonId>>,
        body: Body<ReviewDecidedView>,
    ) -> Result<Json<ReviewView>, Problem> {
        let (id, person, ReviewDecidedView { choice, note }) = (review.0.0, person.0.0, body.value);
        let decided = move |app: &App| app.decide_review(who.actor(), id, person, choice.into(), note.as_deref());
        Ok(Json(blocking(&app, decided).await?.into()))
    }

    /// Signs a review off; needs a fresh proof.
    #[oai(path = "/reviews/:review/sign-off", method = "post", tag = "Needs::ReviewAccess")]
    async fn sign_off(
        &self,
        app: Data<&App>,
        who: SignedIn,
        review: Path<Text<ReviewId>>,
    ) -> Result<Json<ReviewView>, Problem> {
        let id = review.0.0;
        Ok(Json(blocking(&app, move |app| app.sign_off_review(who.actor(), id)).await?.into()))
    }
}
