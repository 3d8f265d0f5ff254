//! Signing in. Its answers are the same for people who exist and people who do not.

use poem::http::header;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::{Json, Response};
use poem_openapi::types::ToJSON;

use super::Needs;
use crate::app::App;
use crate::app::proof::Proof;
use crate::app::sign_in::{Came, Entered, LoginBy};
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::{Anyone, cookie};
use crate::http::view::account::DeviceView;
use crate::http::view::factor::{SecondGivenView, SignInAnswerView};
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
    ) -> Result<Response<Json<SignInAnswerView>>, Problem> {
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
    ) -> Result<Response<Json<SignInAnswerView>>, Problem> {
        enter(&app, who, body.value.split()).await
    }

    /// Signs in with the second factor that a first proof led to.
    #[oai(path = "/sign-ins/second", method = "post", tag = "Needs::SignIn")]
    async fn sign_in_second(
        &self,
        app: Data<&App>,
        who: Anyone,
        body: Body<SecondGivenView>,
    ) -> Result<Response<Json<EnteredView>>, Problem> {
        let (challenge, given) = body.value.try_into()?;
        let entered = blocking(&app, move |app| app.sign_in_second(&who.asker, challenge, &given)).await?;
        Ok(with_cookie(entered, |entered| entered))
    }
}

async fn enter(
    app: &App,
    who: Anyone,
    (proof, device): (Proof, DeviceView),
) -> Result<Response<Json<SignInAnswerView>>, Problem> {
    let device = device.into();
    Ok(match blocking(app, move |app| app.sign_in(&who.asker, proof, &device)).await? {
        Came::In(entered) => with_cookie(*entered, |entered| SignInAnswerView::Entered(Box::new(entered))),
        Came::Second(asked) => Response::new(Json(SignInAnswerView::Second(asked.into()))),
    })
}

fn with_cookie<T: ToJSON>(entered: Entered, told: impl FnOnce(EnteredView) -> T) -> Response<Json<T>> {
    let cookie = cookie(&entered.token);
    Response::new(Json(told(entered.into()))).header(header::SET_COOKIE, cookie)
}
