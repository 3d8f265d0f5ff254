//! Practice recovery: set up by owners, answered by everybody, used in cases.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::{Done, Needs};
use crate::app::{App, Error};
use crate::domain::id::CaseId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::recovery::{
    FirstFilesView, RecoveryAgreedView, RecoveryPlanMadeView, RecoveryStatementView, RecoveryView,
};
use crate::http::view::recovery_case::{CaseAskedView, CaseFinishedView, CaseView, CasesView, OpeningView};
use crate::http::view::text::Text;

/// Practice recovery.
pub struct RecoveryApi;

#[OpenApi]
impl RecoveryApi {
    /// Practice recovery as the asker may see it.
    #[oai(path = "/recovery", method = "get", tag = "Needs::OwnAccount")]
    async fn see(&self, app: Data<&App>, who: SignedIn) -> Result<Json<RecoveryView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.recovery(who.actor())).await?.into()))
    }

    /// Keeps an owner's word for their recovery paper.
    #[oai(path = "/me/recovery/paper", method = "put", tag = "Needs::Recover")]
    async fn make_paper(
        &self,
        app: Data<&App>,
        who: SignedIn,
        body: Body<RecoveryStatementView>,
    ) -> Result<Done, Problem> {
        done(&app, move |app| app.make_recovery_paper(who.actor(), &body.value.statement)).await
    }

    /// Puts a plan in force. Everybody is asked anew.
    #[oai(path = "/recovery", method = "put", tag = "Needs::Recover")]
    async fn set_up(&self, app: Data<&App>, who: SignedIn, body: Body<RecoveryPlanMadeView>) -> Result<Done, Problem> {
        let plan = body.value.into();
        done(&app, move |app| app.set_up_recovery(who.actor(), &plan)).await
    }

    /// Switches practice recovery off.
    #[oai(path = "/recovery", method = "delete", tag = "Needs::Recover")]
    async fn switch_off(&self, app: Data<&App>, who: SignedIn) -> Result<Done, Problem> {
        done(&app, move |app| app.switch_recovery_off(who.actor())).await
    }

    /// Agrees that one is brought back under this plan.
    #[oai(path = "/me/recovery", method = "put", tag = "Needs::ChangeSignIn")]
    async fn agree(&self, app: Data<&App>, who: SignedIn, body: Body<RecoveryAgreedView>) -> Result<Done, Problem> {
        done(&app, move |app| app.agree_to_recovery(who.actor(), body.value.n)).await
    }

    /// Declines that, or takes it back. Cases about oneself end.
    #[oai(path = "/me/recovery", method = "delete", tag = "Needs::ChangeSignIn")]
    async fn decline(&self, app: Data<&App>, who: SignedIn) -> Result<Done, Problem> {
        done(&app, move |app| app.decline_recovery(who.actor())).await
    }

    /// Keeps a colleague's word for the plan; needs a fresh proof.
    #[oai(path = "/recovery/endorsements", method = "post", tag = "Needs::OwnAccount")]
    async fn endorse(
        &self,
        app: Data<&App>,
        who: SignedIn,
        body: Body<RecoveryStatementView>,
    ) -> Result<Done, Problem> {
        done(&app, move |app| app.endorse_recovery(who.actor(), &body.value.statement)).await
    }

    /// The files that the asker's paper opens first; needs no fresh proof.
    #[oai(path = "/recovery/files", method = "get", tag = "Needs::Recover")]
    async fn first_files(&self, app: Data<&App>, who: SignedIn) -> Result<Json<FirstFilesView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.first_recovery_files(who.actor())).await?.into()))
    }

    /// Every case, the newest first; needs no fresh proof.
    #[oai(path = "/recoveries", method = "get", tag = "Needs::Recover")]
    async fn list(&self, app: Data<&App>, who: SignedIn) -> Result<Json<CasesView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.recoveries(who.actor())).await?.into()))
    }

    /// Asks for somebody to be brought back.
    #[oai(path = "/recoveries", method = "post", tag = "Needs::Recover")]
    async fn ask(&self, app: Data<&App>, who: SignedIn, body: Body<CaseAskedView>) -> Result<Json<CaseView>, Problem> {
        let asked = body.value.into();
        Ok(Json(blocking(&app, move |app| app.ask_recovery(who.actor(), asked)).await?.into()))
    }

    /// Hands out what opens the person's keyring, to the owner who confirms.
    #[oai(path = "/recoveries/:case/opening", method = "post", tag = "Needs::Recover")]
    async fn open(
        &self,
        app: Data<&App>,
        who: SignedIn,
        case: Path<Text<CaseId>>,
    ) -> Result<Json<OpeningView>, Problem> {
        let id = case.0.0;
        Ok(Json(blocking(&app, move |app| app.open_recovery(who.actor(), id)).await?.into()))
    }

    /// Finishes a case: the keyring is replaced, and the person comes in by the link.
    #[oai(path = "/recoveries/:case/keyring", method = "put", tag = "Needs::Recover")]
    async fn finish(
        &self,
        app: Data<&App>,
        who: SignedIn,
        case: Path<Text<CaseId>>,
        body: Body<CaseFinishedView>,
    ) -> Result<Done, Problem> {
        let (id, finish) = (case.0.0, body.value.into());
        done(&app, move |app| app.finish_recovery(who.actor(), id, finish)).await
    }

    /// Calls a case off.
    #[oai(path = "/recoveries/:case", method = "delete", tag = "Needs::Recover")]
    async fn stop(&self, app: Data<&App>, who: SignedIn, case: Path<Text<CaseId>>) -> Result<Done, Problem> {
        let id = case.0.0;
        done(&app, move |app| app.stop_recovery(who.actor(), id)).await
    }

    /// The cases about oneself, the newest first.
    #[oai(path = "/me/recoveries", method = "get", tag = "Needs::OwnAccount")]
    async fn own(&self, app: Data<&App>, who: SignedIn) -> Result<Json<CasesView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.own_recoveries(who.actor())).await?.into()))
    }

    /// Calls off a case about oneself.
    #[oai(path = "/me/recoveries/:case", method = "delete", tag = "Needs::ChangeSignIn")]
    async fn stop_own(&self, app: Data<&App>, who: SignedIn, case: Path<Text<CaseId>>) -> Result<Done, Problem> {
        let id = case.0.0;
        done(&app, move |app| app.stop_own_recovery(who.actor(), id)).await
    }
}

async fn done(app: &App, work: impl FnOnce(&App) -> Result<(), Error> + Send + 'static) -> Result<Done, Problem> {
    blocking(app, work).await?;
    Ok(Done::Done)
}
