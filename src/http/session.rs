//! Who asks: the session cookie, read and written in this one place.

use poem::http::header;
use poem::{FromRequest, Request, RequestBody, Result};
use poem_openapi::payload::{Json, Response};

use super::Problem;
use super::blocking::blocking;
use super::view::me::MeView;
use crate::app::App;
use crate::app::session::Asker;
use crate::app::sign_in::Entered;
use crate::crypto::sign::sha256;
use crate::crypto::token::Token;
use crate::domain::anomaly::Agent;
use crate::domain::network::Network;
use crate::domain::session::SESSION_LIFE;
use crate::policy::{Actor, ActorKind};

/// The session's cookie. The prefix makes browsers insist on https, this host and the whole path.
const COOKIE: &str = "__Host-alcove";

/// A person who is signed in; their session may be locked.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who, and by which session.
    pub asker: Asker,
}

/// Anybody, signed in or not.
#[derive(Clone, Debug)]
pub struct Anyone {
    /// Who, and by which session.
    pub asker: Asker,
}

impl SignedIn {
    /// Who asks.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.asker.actor
    }
}

impl Anyone {
    /// Who asks.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.asker.actor
    }
}

impl<'a> FromRequest<'a> for SignedIn {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let asker = asker(request).await?;
        match asker.actor.kind {
            ActorKind::Person { .. } => Ok(Self { asker }),
            _ => Err(Problem::signed_out().into()),
        }
    }
}

impl<'a> FromRequest<'a> for Anyone {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Ok(Self { asker: asker(request).await? })
    }
}

async fn asker(request: &Request) -> Result<Asker, Problem> {
    let app: &App = request.data().ok_or_else(Problem::internal)?;
    let (token, network, agent) = (token(request), network(request), agent(request));
    blocking(app, move |app| app.asker(token.as_ref(), network, Some(agent))).await
}

fn token(request: &Request) -> Option<Token> {
    let cookies = request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(name, _)| *name == COOKIE).and_then(|(_, value)| Token::parse(value))
}

/// What the browser calls itself without numbers, so that its next version is the same one; none counts as one, too.
fn agent(request: &Request) -> Agent {
    let text = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let mut short = [0; 8];
    short.copy_from_slice(&sha256(letters.as_bytes())[..8]);
    Agent(short)
}

/// The network that a request comes from, as the audit log may know it: that of the connection. What a header says of it
/// is anybody's to write, so none is read.
fn network(request: &Request) -> Option<String> {
    request.remote_addr().as_socket_addr().map(|address| Network::of(address.ip()).to_string())
}

/// The answer to someone who came in: who they are, and the cookie.
#[must_use]
pub fn entered_me(entered: Entered) -> Response<Json<MeView>> {
    let cookie = cookie(&entered.token);
    Response::new(Json(entered.me.into())).header(header::SET_COOKIE, cookie)
}

/// The cookie that carries a token.
#[must_use]
pub fn cookie(token: &Token) -> String {
    set(&token.reveal(), SESSION_LIFE.as_secs())
}

/// The cookie that takes a token away.
#[must_use]
pub fn no_cookie() -> String {
    set("", 0)
}

fn set(value: &str, max_age_s: i64) -> String {
    format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={max_age_s}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::SessionId;

    #[test]
    fn a_browser_stays_the_same_through_its_versions() {
        let of = |text: &str| agent(&Request::builder().header("user-agent", text).finish());
        assert_eq!(of("Mozilla/5.0 (X11) Firefox/131.0"), of("Mozilla/5.0 (X11) Firefox/132.0.1"));
        assert_ne!(of("Mozilla/5.0 (X11) Firefox/131.0"), of("Mozilla/5.0 (Windows) Firefox/131.0"));
        assert_ne!(of("Firefox"), agent(&Request::builder().finish()));
    }

    #[test]
    fn the_cookie_is_bound_to_this_host_and_hidden_from_scripts() {
        let made = Token::make(SessionId::from_bytes([1; 16]));
        let line = cookie(&made);
        for part in ["__Host-alcove=ses_", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
            assert!(line.contains(part), "{part}");
        }
        let sent = format!("a=b; {}", line.split(';').next().unwrap());
        let request = Request::builder().header("cookie", sent).finish();
        assert!(token(&request).unwrap().is_of(&made.hash()));
        assert!(token(&Request::builder().header("cookie", "x__Host-alcove=1").finish()).is_none());
    }
}
