//! What a sealed server answers: one page to open it on, its health, and "sealed" to everything else. It works without
//! scripts, since nothing else of the application can be trusted to be there.
//!
//! Must not: open anything itself, or tell a visitor more than whether what was typed is right.

use std::sync::Arc;

use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response, Result, Route, get, handler,
    http::{Method, StatusCode, header},
    web::{Data, Form},
};
use serde::Deserialize;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::{Front, headers, problem::Problem};
use crate::{
    app::throttle::{Counted, Throttle},
    clock::Clock,
    config::Limits,
    domain::{network::Network, origin::Origin},
};

const STYLE: &str = include_str!("sealed/style.css");
const PAGE: &str = include_str!("sealed/page.html");
const OPENED: &str = include_str!("sealed/opened.html");

/// Why the practice stays sealed.
#[derive(Clone, Debug)]
pub enum Unopened {
    /// What was typed is not right, in a sentence.
    Wrong(String),
    /// Something else; it was logged.
    Failed,
}

/// Opens the practice with what was typed. Blocks.
pub type Unseal = Arc<dyn Fn(&str) -> Result<(), Unopened> + Send + Sync>;

struct Gate {
    unseal: Unseal,
    throttle: Throttle,
    clock: Clock,
    /// Checking a passphrase takes memory: one at a time, and nobody queues.
    turn: Semaphore,
}

/// All routes of a sealed server, behind the usual guards.
pub fn sealed_endpoint(
    origin: &Origin,
    limits: &Limits,
    clock: Clock,
    unseal: Unseal,
) -> Front<impl Endpoint<Output = Response> + use<>> {
    let gate = Arc::new(Gate { unseal, throttle: Throttle::default(), clock, turn: Semaphore::new(1) });
    let routes = Route::new()
        .at("/healthz", get(alive))
        .at("/unseal", get(show).post(attempt))
        .at("/unseal.css", get(style))
        .nest_no_strip("/", Elsewhere);
    Front::new(routes.data(gate).map_to_response(), origin.clone(), limits)
}

#[handler]
fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The style of these pages. The last of them asks an open server for it.
#[handler]
pub(super) fn style() -> Response {
    Response::builder().content_type("text/css; charset=utf-8").body(STYLE)
}

/// The unseal page of a practice that is open: there is nothing to do here.
#[handler]
pub(super) fn past() -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, "/").finish()
}

#[handler]
fn show() -> Response {
    page(StatusCode::OK, "")
}

#[derive(Deserialize)]
struct Typed {
    secret: String,
}

#[handler]
async fn attempt(gate: Data<&Arc<Gate>>, request: &Request, form: Form<Typed>) -> Response {
    let typed = Zeroizing::new(form.0.secret);
    let counted = [Counted::Unseal(network(request))];
    let Ok(_turn) = gate.turn.try_acquire() else { return too_soon(1) };
    let begun = match gate.throttle.begin(gate.clock.now(), &counted) {
        Ok(begun) => begun,
        Err(wait_s) => return too_soon(wait_s),
    };
    let unseal = gate.unseal.clone();
    match tokio::task::spawn_blocking(move || unseal(&typed)).await {
        Ok(Ok(())) => {
            gate.throttle.succeeded(&begun);
            html(StatusCode::OK, OPENED.to_owned())
        }
        Ok(Err(Unopened::Wrong(why))) => page(StatusCode::FORBIDDEN, &why),
        // A panic was logged where it happened.
        Ok(Err(Unopened::Failed)) | Err(_) => page(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The practice could not be opened. Whoever runs the server finds the reason in its log.",
        ),
    }
}

fn network(request: &Request) -> String {
    let address = request.remote_addr().as_socket_addr().map(std::net::SocketAddr::ip);
    address.map_or_else(String::new, |address| Network::of(address).to_string())
}

fn too_soon(wait_s: u64) -> Response {
    let mut response =
        page(StatusCode::TOO_MANY_REQUESTS, &format!("Too many attempts. Try again in {wait_s} seconds."));
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(wait_s));
    response
}

/// Browsers that go anywhere get the page; programs are told.
struct Elsewhere;

impl Endpoint for Elsewhere {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let accepts_pages = request.header("accept").is_some_and(|accept| accept.contains("text/html"));
        let is_visit = *request.method() == Method::GET && !request.uri().path().starts_with("/api");
        if accepts_pages && is_visit {
            return Ok(page(StatusCode::SERVICE_UNAVAILABLE, ""));
        }
        Ok(Problem::sealed().into_response())
    }
}

/// `why` is a sentence of ours and holds nothing that HTML would take for markup.
fn page(status: StatusCode, why: &str) -> Response {
    let (title, marks, notice) = if why.is_empty() {
        ("Sealed", "", String::new())
    } else {
        let notice = format!("<p class=\"wrong\" id=\"why\" role=\"alert\">{why}</p>\n");
        ("Still sealed", " aria-invalid=\"true\" aria-describedby=\"why\"", notice)
    };
    html(status, PAGE.replace("{title}", title).replace("{marks}", marks).replace("{notice}", &notice))
}

fn html(status: StatusCode, text: String) -> Response {
    let mut response = Response::builder().status(status).content_type("text/html; charset=utf-8").body(text);
    headers::send_origin(&mut response);
    response
}
