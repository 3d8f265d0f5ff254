//! One's second factors: an authenticator app, security keys, recovery codes.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::{Done, Needs};
use crate::app::App;
use crate::app::factor::NewKey;
use crate::domain::id::KeyId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::factor::{
    FactorsView, KeyAddedView, KeyMadeView, RecoveryCodesView, TotpBegunView, TotpCodeView,
};
use crate::http::view::passkey::PasskeyMakingView;
use crate::http::view::text::Text;

/// One's second factors.
pub struct FactorsApi;

#[OpenApi]
impl FactorsApi {
    /// One's second factors.
    #[oai(path = "/me/factors", method = "get", tag = "Needs::OwnAccount")]
    async fn factors(&self, app: Data<&App>, who: SignedIn) -> Result<Json<FactorsView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.factors(&who.asker)).await?.into()))
    }

    /// Begins to set up an authenticator app. The secret is shown once; the app counts when a code confirmed it.
    #[oai(path = "/me/factors/totp", method = "post", tag = "Needs::ChangeSignIn")]
    async fn begin_totp(&self, app: Data<&App>, who: SignedIn) -> Result<Json<TotpBegunView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.begin_totp(&who.asker)).await?.into()))
    }

    /// Sets the authenticator app up by its first code. Ends one's other sessions.
    #[oai(path = "/me/factors/totp", method = "put", tag = "Needs::ChangeSignIn")]
    async fn confirm_totp(
        &self,
        app: Data<&App>,
        who: SignedIn,
        body: Body<TotpCodeView>,
    ) -> Result<Json<RecoveryCodesView>, Problem> {
        let code = body.value.code;
        Ok(Json(blocking(&app, move |app| app.confirm_totp(&who.asker, &code)).await?.into()))
    }

    /// Takes the authenticator app away. Ends one's other sessions.
    #[oai(path = "/me/factors/totp", method = "delete", tag = "Needs::ChangeSignIn")]
    async fn remove_totp(&self, app: Data<&App>, who: SignedIn) -> Result<Done, Problem> {
        blocking(&app, move |app| app.remove_totp(&who.asker)).await?;
        Ok(Done::Done)
    }

    /// Ten new recovery codes, shown once; the ones before them are no good any more.
    #[oai(path = "/me/factors/recovery-codes", method = "post", tag = "Needs::ChangeSignIn")]
    async fn renew_recovery_codes(&self, app: Data<&App>, who: SignedIn) -> Result<Json<RecoveryCodesView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.renew_recovery_codes(&who.asker)).await?.into()))
    }

    /// Begins to add a security key: the device asks for no resident key and no user verification.
    #[oai(path = "/me/factors/keys/challenges", method = "post", tag = "Needs::ChangeSignIn")]
    async fn begin_key(&self, app: Data<&App>, who: SignedIn) -> Result<Json<PasskeyMakingView>, Problem> {
        let (made, person) = blocking(&app, move |app| app.begin_key(&who.asker)).await?;
        Ok(Json(PasskeyMakingView::of(made, person.person, person.name)))
    }

    /// Adds a security key. Ends one's other sessions.
    #[oai(path = "/me/factors/keys", method = "post", tag = "Needs::ChangeSignIn")]
    async fn add_key(
        &self,
        app: Data<&App>,
        who: SignedIn,
        body: Body<KeyMadeView>,
    ) -> Result<Json<KeyAddedView>, Problem> {
        let new = NewKey::from(body.value);
        Ok(Json(blocking(&app, move |app| app.add_key(&who.asker, new)).await?.into()))
    }

    /// Takes a security key away. Ends one's other sessions.
    #[oai(path = "/me/factors/keys/:key", method = "delete", tag = "Needs::ChangeSignIn")]
    async fn remove_key(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// Which.
        key: Path<Text<KeyId>>,
    ) -> Result<Done, Problem> {
        let Text(key) = key.0;
        blocking(&app, move |app| app.remove_key(&who.asker, key)).await?;
        Ok(Done::Done)
    }
}
