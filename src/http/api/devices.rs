//! One's devices, and signing out elsewhere.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::{Done, Needs};
use crate::app::App;
use crate::domain::id::DeviceId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::device::{DeviceNameView, OwnDevicesView};
use crate::http::view::text::Text;

/// One's devices.
pub struct DevicesApi;

#[OpenApi]
impl DevicesApi {
    /// The devices that one signed in with.
    #[oai(path = "/me/devices", method = "get", tag = "Needs::OwnAccount")]
    async fn devices(&self, app: Data<&App>, who: SignedIn) -> Result<Json<OwnDevicesView>, Problem> {
        let devices = blocking(&app, move |app| app.devices(who.actor())).await?;
        Ok(Json(OwnDevicesView { devices: devices.into_iter().map(Into::into).collect() }))
    }

    /// Names a device.
    #[oai(path = "/me/devices/:device", method = "patch", tag = "Needs::OwnAccount")]
    async fn name(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// Which.
        device: Path<Text<DeviceId>>,
        body: Body<DeviceNameView>,
    ) -> Result<Done, Problem> {
        let (device, name) = (device.0.0, body.value.name);
        blocking(&app, move |app| app.name_device(who.actor(), device, name.as_deref())).await?;
        Ok(Done::Done)
    }

    /// Signs another device out and forgets it: its sessions end at once.
    #[oai(path = "/me/devices/:device", method = "delete", tag = "Needs::ChangeSignIn")]
    async fn remove(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// Which.
        device: Path<Text<DeviceId>>,
    ) -> Result<Done, Problem> {
        let device = device.0.0;
        blocking(&app, move |app| app.remove_device(who.actor(), device)).await?;
        Ok(Done::Done)
    }

    /// Ends all of one's sessions but this one.
    #[oai(path = "/me/sessions", method = "delete", tag = "Needs::ChangeSignIn")]
    async fn end_others(&self, app: Data<&App>, who: SignedIn) -> Result<Done, Problem> {
        blocking(&app, move |app| app.end_own_others(&who.asker)).await?;
        Ok(Done::Done)
    }
}
