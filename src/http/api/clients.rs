//! Clients, and when the last backup was made.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;

use super::Needs;
use crate::app::App;
use crate::domain::id::ClientId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::client::{BackupsView, ClientEditView, ClientMadeView, ClientView, ClientsView, version};
use crate::http::view::space::SpaceMadeView;
use crate::http::view::text::Text;

/// Clients.
pub struct ClientsApi;

#[OpenApi]
impl ClientsApi {
    /// The clients in whose spaces one is.
    #[oai(path = "/clients", method = "get", tag = "Needs::ManageClients")]
    async fn list(&self, app: Data<&App>, who: SignedIn) -> Result<Json<ClientsView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.clients(who.actor())).await?.into()))
    }

    /// Adds a client and begins both spaces about them.
    #[oai(path = "/clients", method = "post", tag = "Needs::ManageClients")]
    async fn add(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// Makes repeats of this request harmless.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Body<ClientMadeView>,
    ) -> Result<Json<ClientView>, Problem> {
        let once = body.once("POST /clients", key.as_deref())?;
        let made = body.value.into();
        Ok(Json(blocking(&app, move |app| app.add_client(who.actor(), once.as_ref(), &made)).await?.into()))
    }

    /// Renames a client or changes their address.
    #[oai(path = "/clients/:client", method = "patch", tag = "Needs::ManageClients")]
    async fn edit(
        &self,
        app: Data<&App>,
        who: SignedIn,
        client: Path<Text<ClientId>>,
        /// The etag that the change builds on, or `*`.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<ClientEditView>,
    ) -> Result<Json<ClientView>, Problem> {
        let (client, version) = (client.0.0, version(if_match.as_deref())?);
        let edit = body.value.into();
        Ok(Json(blocking(&app, move |app| app.edit_client(who.actor(), client, version, &edit)).await?.into()))
    }

    /// Begins one's own space about a client whom a colleague added.
    #[oai(path = "/clients/:client/own", method = "post", tag = "Needs::ManageClients")]
    async fn begin_own(
        &self,
        app: Data<&App>,
        who: SignedIn,
        client: Path<Text<ClientId>>,
        /// Makes repeats of this request harmless.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Body<SpaceMadeView>,
    ) -> Result<Json<ClientView>, Problem> {
        let once = body.once(format!("POST /clients/{}/own", client.0.0), key.as_deref())?;
        let (client, made) = (client.0.0, body.value.into());
        Ok(Json(blocking(&app, move |app| app.begin_own(who.actor(), once.as_ref(), client, &made)).await?.into()))
    }

    /// When the last backup was made, what the background check of the data found, and what happened to its file.
    #[oai(path = "/backups", method = "get", tag = "Needs::SeeBackups")]
    async fn backups(&self, app: Data<&App>, who: SignedIn) -> Result<Json<BackupsView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.safety(who.actor())).await?.into()))
    }
}
