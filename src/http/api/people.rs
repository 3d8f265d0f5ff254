//! The people of the practice, for those who look after them.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::{Done, Needs};
use crate::app::{App, Error};
use crate::domain::id::PersonId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::people::{AccountClosingView, PeopleView, PersonView, RoleGivenView};
use crate::http::view::text::Text;

/// People.
pub struct PeopleApi;

#[OpenApi]
impl PeopleApi {
    /// Attests, by a fresh proof, that one is still who looks after the practice.
    #[oai(path = "/me/attestations", method = "post", tag = "Needs::OwnAccount")]
    async fn attest(&self, app: Data<&App>, who: SignedIn) -> Result<Done, Problem> {
        done(&app, who, move |app, who| app.attest(who.actor())).await
    }

    /// Everybody in the practice.
    #[oai(path = "/people", method = "get", tag = "Needs::SeePeople")]
    async fn list(&self, app: Data<&App>, who: SignedIn) -> Result<Json<PeopleView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.people(who.actor())).await?.into()))
    }

    /// One of them.
    #[oai(path = "/people/:person", method = "get", tag = "Needs::SeePeople")]
    async fn see(
        &self,
        app: Data<&App>,
        who: SignedIn,
        person: Path<Text<PersonId>>,
    ) -> Result<Json<PersonView>, Problem> {
        let id = person.0.0;
        Ok(Json(blocking(&app, move |app| app.person(who.actor(), id)).await?.into()))
    }

    /// Gives somebody another role.
    #[oai(path = "/people/:person", method = "patch", tag = "Needs::ManagePeople")]
    async fn change(
        &self,
        app: Data<&App>,
        who: SignedIn,
        person: Path<Text<PersonId>>,
        body: Body<RoleGivenView>,
    ) -> Result<Done, Problem> {
        let (id, role) = (person.0.0, body.value.role()?);
        done(&app, who, move |app, who| app.change_role(who.actor(), id, role)).await
    }

    /// Suspends somebody: their sessions end at once.
    #[oai(path = "/people/:person/suspension", method = "put", tag = "Needs::ManagePeople")]
    async fn suspend(&self, app: Data<&App>, who: SignedIn, person: Path<Text<PersonId>>) -> Result<Done, Problem> {
        let id = person.0.0;
        done(&app, who, move |app, who| app.suspend(who.actor(), id)).await
    }

    /// Lets somebody in again.
    #[oai(path = "/people/:person/suspension", method = "delete", tag = "Needs::ManagePeople")]
    async fn reinstate(&self, app: Data<&App>, who: SignedIn, person: Path<Text<PersonId>>) -> Result<Done, Problem> {
        let id = person.0.0;
        done(&app, who, move |app, who| app.reinstate(who.actor(), id)).await
    }

    /// Closes somebody's account for good.
    #[oai(path = "/people/:person/deletion", method = "post", tag = "Needs::ManagePeople")]
    async fn close(
        &self,
        app: Data<&App>,
        who: SignedIn,
        person: Path<Text<PersonId>>,
        body: Body<AccountClosingView>,
    ) -> Result<Done, Problem> {
        let (id, data) = (person.0.0, body.value.choice()?);
        done(&app, who, move |app, who| app.close_account(who.actor(), id, data)).await
    }

    /// Ends all sessions of somebody.
    #[oai(path = "/people/:person/sessions", method = "delete", tag = "Needs::ManagePeople")]
    async fn end_sessions(
        &self,
        app: Data<&App>,
        who: SignedIn,
        person: Path<Text<PersonId>>,
    ) -> Result<Done, Problem> {
        let id = person.0.0;
        done(&app, who, move |app, who| app.end_sessions_of(who.actor(), id)).await
    }

    /// Takes away all second factors of somebody who lost them, and ends their sessions.
    #[oai(path = "/people/:person/factors", method = "delete", tag = "Needs::ManagePeople")]
    async fn reset_factors(
        &self,
        app: Data<&App>,
        who: SignedIn,
        person: Path<Text<PersonId>>,
    ) -> Result<Done, Problem> {
        let id = person.0.0;
        done(&app, who, move |app, who| app.reset_factors(who.actor(), id)).await
    }
}

async fn done(
    app: &App,
    who: SignedIn,
    work: impl FnOnce(&App, &SignedIn) -> Result<(), Error> + Send + 'static,
) -> Result<Done, Problem> {
    blocking(app, move |app| work(app, &who)).await?;
    Ok(Done::Done)
}
