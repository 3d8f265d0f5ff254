//! Large bodies from people who are not signed in: whoever sends one is looked at before it is read, where the state of
//! the practice alone decides. Extracted before the body; what is allowed here is decided again with the body at hand.

use poem::{FromRequest, Request, RequestBody, Result};

use super::Problem;
use super::blocking::blocking;
use super::session::Anyone;
use crate::app::App;
use crate::app::session::Asker;
use crate::domain::id::InviteId;

/// Somebody who may set the practice up.
#[derive(Clone, Debug)]
pub struct SettingUp {
    /// Who, and by which session.
    pub asker: Asker,
}

/// Somebody with an invite that is open.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Who, and by which session.
    pub asker: Asker,
}

impl<'a> FromRequest<'a> for SettingUp {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let Anyone { asker } = Anyone::from_request(request, body).await?;
        let actor = asker.actor.clone();
        blocking(app(request)?, move |app| app.may_set_up(&actor)).await?;
        Ok(Self { asker })
    }
}

impl<'a> FromRequest<'a> for Joining {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let Anyone { asker } = Anyone::from_request(request, body).await?;
        let (invite,): (String,) = request.path_params()?;
        let invite: InviteId = invite.parse().map_err(|_| Problem::not_found())?;
        blocking(app(request)?, move |app| app.may_join(invite)).await?;
        Ok(Self { asker })
    }
}

fn app(request: &Request) -> Result<&App, Problem> {
    request.data().ok_or_else(Problem::internal)
}
