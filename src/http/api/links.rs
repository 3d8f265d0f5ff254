//! Links for new devices: made and taken back with the keyring, looked at here.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Needs;
use crate::app::App;
use crate::domain::id::SlotId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::session::SignedIn;
use crate::http::view::link::LinkView;
use crate::http::view::text::Text;

/// Links.
pub struct LinksApi;

#[OpenApi]
impl LinksApi {
    /// How one of one's links stands.
    #[oai(path = "/links/:slot", method = "get", tag = "Needs::OwnAccount")]
    async fn see(&self, app: Data<&App>, who: SignedIn, slot: Path<Text<SlotId>>) -> Result<Json<LinkView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.link(who.actor(), slot.0.0)).await?.into()))
    }
}
