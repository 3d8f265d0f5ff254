//! Signing in. Its answers are the same for people who exist and people who do not.

use poem::http::header;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::{Json, Response};

use super::Needs;
use crate::app::App;
use crate::app::proof::Proof;
use crate::app::sign_in::LoginBy;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::{Anyone, cookie};
use crate::http::view::account::DeviceView;
use crate::http::view::passkey::PasskeyUsingView;
use crate::http::view::sign_in::{EnteredView, LoginByView, LoginChallengeView, PasskeySignInView, SignInView};

/// Signing in.
pub struct SignInApi;

#[OpenApi]
impl SignInApi {
    /// A challenge for a login key.
    #[oai(path = "/sign-in/challenges", method = "post", tag = "Needs::SignIn")]
    async fn challenge(
        &self,
        app: Data<&App>,
        who: Anyone,
        body: Body<LoginByView>,
    ) -> Result<Json<LoginChallengeView>, Problem> {
        let by = LoginBy::try_from(body.value)?;
        Ok(Json(blocking(&app, move |app| app.login_challenge(who.actor(), by)).await?.into()))
    }

    /// Signs in with a login key's signature.
    #[oai(path = "/sign-ins", method = "post", tag = "Needs::SignIn")]
    async fn sign_in(
        &self,
        app: Data<&App>,
        who: Anyone,
        body: Body<SignInView>,
    ) -> Result<Response<Json<EnteredView>>, Problem> {
        enter(&app, who, body.value.split()).await
    }

    /// A challenge for whichever passkey the authenticator offers.
    #[oai(path = "/sign-in/passkey-challenges", method = "post", tag = "Needs::SignIn")]
    async fn passkey_challenge(&self, app: Data<&App>, who: Anyone) -> Result<Json<PasskeyUsingView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.passkey_challenge(who.actor())).await?.into()))
    }

    /// Signs in with a passkey.
    #[oai(path = "/sign-ins/passkey", method = "post", tag = "Needs::SignIn")]
    async fn sign_in_with_passkey(
        &self,
        app: Data<&App>,
        who: Anyone,
        body: Body<PasskeySignInView>,
    ) -> Result<Response<Json<EnteredView>>, Problem> {
        enter(&app, who, body.value.split()).await
    }
}

async fn enter(
    app: &App,
    who: Anyone,
    (proof, device): (Proof, DeviceView),
) -> Result<Response<Json<EnteredView>>, Problem> {
    let device = device.into();
    let entered = blocking(app, move |app| app.sign_in(&who.asker, proof, &device)).await?;
    let cookie = cookie(&entered.token);
    Ok(Response::new(Json(entered.into())).header(header::SET_COOKIE, cookie))
}
