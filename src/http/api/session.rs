//! One's session: locked, unlocked, ended.

use poem::http::header;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::Response;

use super::{Done, Needs};
use crate::app::App;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::{SignedIn, no_cookie};
use crate::http::view::sign_in::SessionProofView;

/// One's session.
pub struct SessionApi;

#[OpenApi]
impl SessionApi {
    /// Signs out.
    #[oai(path = "/session", method = "delete", tag = "Needs::EndSession")]
    async fn end(&self, app: Data<&App>, who: SignedIn) -> Result<Response<Done>, Problem> {
        blocking(&app, move |app| app.end_session(&who.asker)).await?;
        Ok(Response::new(Done::Done).header(header::SET_COOKIE, no_cookie()))
    }

    /// Locks the session: it may then finish uploads, flush what was sealed before, unlock and end.
    #[oai(path = "/session/lock", method = "put", tag = "Needs::EndSession")]
    async fn lock(&self, app: Data<&App>, who: SignedIn) -> Result<Done, Problem> {
        blocking(&app, move |app| app.lock_session(&who.asker)).await?;
        Ok(Done::Done)
    }

    /// Unlocks the session by a new proof, or renews the proof of an open one.
    #[oai(path = "/session/unlocks", method = "post", tag = "Needs::SignIn")]
    async fn unlock(&self, app: Data<&App>, who: SignedIn, body: Body<SessionProofView>) -> Result<Done, Problem> {
        let (proof, second) = body.value.try_into()?;
        blocking(&app, move |app| app.unlock_session(&who.asker, proof, second.as_ref())).await?;
        Ok(Done::Done)
    }

    /// Proves anew who holds an open session, before something that takes a fresh proof.
    #[oai(path = "/session/proofs", method = "post", tag = "Needs::OwnAccount")]
    async fn prove(&self, app: Data<&App>, who: SignedIn, body: Body<SessionProofView>) -> Result<Done, Problem> {
        let (proof, second) = body.value.try_into()?;
        blocking(&app, move |app| app.prove_session(&who.asker, proof, second.as_ref())).await?;
        Ok(Done::Done)
    }
}
