//! Which path leads where.

use std::sync::Arc;

use poem::{Endpoint, EndpointExt, Response, Route, get, handler, http::StatusCode, web::Data};

use super::{Front, Methods, api, assets::Assets, sealed};
use crate::{app::App, config::Limits, domain::origin::Origin, tls::Certificates};

/// All routes, behind their guards.
pub fn endpoint(
    app: &App,
    origin: &Origin,
    limits: &Limits,
    certificates: Arc<Certificates>,
) -> Front<impl Endpoint<Output = Response> + use<>> {
    let routes = Route::new().at("/healthz", get(alive)).at("/readyz", get(ready)).nest(api::BASE, api::routes());
    let routes = routes.at("/unseal", get(sealed::past).post(sealed::past)).at("/unseal.css", get(sealed::style));
    let routes = routes.nest_no_strip("/", Assets);
    let routes = routes.data(app.clone().at_site(origin.clone())).map_to_response();
    Front::new(routes, origin.clone(), limits).with_methods(methods()).with_certificates(certificates)
}

/// The process answers, and its data is open.
#[handler]
fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The data is open and answers. A disk that takes nothing new is said in a header: reading goes on all the same.
#[handler]
fn ready(Data(app): Data<&App>) -> Response {
    let disk = if app.store().has_room_for(0) { "ok" } else { "full" };
    Response::builder().status(StatusCode::NO_CONTENT).header("alcove-disk", disk).finish()
}

fn methods() -> Methods {
    serde_json::from_str(&api::description())
        .map(|description| Methods::of_description(api::BASE, &description))
        .unwrap_or_default()
}
