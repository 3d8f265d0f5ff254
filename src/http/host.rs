//! One practice has one address: a request that names another host is told so, and never reaches a route.

use poem::{
    IntoResponse, Request, Response,
    http::{StatusCode, Version, header},
};

use super::problem::Problem;
use crate::domain::origin::Origin;

/// Why a request is not for us.
pub enum HostError {
    /// No host, or two that differ. The connection closes.
    Unclear,
    /// Another host.
    Other,
}

/// Checks that the request names the origin's host, once.
///
/// # Errors
/// [`HostError`].
pub fn check(request: &Request, origin: &Origin) -> Result<(), HostError> {
    let mut headers = request.headers().get_all(header::HOST).iter();
    let header = headers.next();
    if headers.next().is_some() {
        return Err(HostError::Unclear);
    }
    let header = header.map(|value| value.to_str()).transpose().map_err(|_| HostError::Unclear)?;
    let authority = request.uri().authority().map(poem::http::uri::Authority::as_str);
    let named = match (authority, header) {
        (Some(authority), Some(header)) if authority.eq_ignore_ascii_case(header) => authority,
        (Some(authority), None) if request.version() >= Version::HTTP_2 => authority,
        (None, Some(header)) => header,
        _ => return Err(HostError::Unclear),
    };
    if origin.is_named_by(named) { Ok(()) } else { Err(HostError::Other) }
}

/// The answer: a plain page for a browser that navigates, a problem for everything else.
pub fn refuse(error: &HostError, request: &Request, origin: &Origin) -> Response {
    match error {
        HostError::Unclear => Problem::bad_request("A request names its host exactly once.")
            .into_response()
            .with_closed_connection(request.version()),
        HostError::Other if is_navigation(request) => page(origin),
        HostError::Other => other(origin).into_response(),
    }
}

fn other(origin: &Origin) -> Problem {
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "other-host", "This practice has another address")
        .detail(format!("Signing in works only at {origin}."))
        .next(format!("Open {origin} instead."))
        .member("origin", origin.to_string())
}

fn page(origin: &Origin) -> Response {
    // An origin holds nothing that HTML would take for markup.
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Another address</title>\n\
         <h1>This practice has another address</h1>\n\
         <p>Signing in works only at the address that was chosen when the practice was set up.</p>\n\
         <p>Open <a href=\"{origin}/\">{origin}</a> instead.</p>\n</html>\n"
    );
    Response::builder().status(StatusCode::MISDIRECTED_REQUEST).content_type("text/html; charset=utf-8").body(html)
}

fn is_navigation(request: &Request) -> bool {
    request.header("accept").is_some_and(|accept| accept.contains("text/html"))
}

trait Closing {
    fn with_closed_connection(self, version: Version) -> Self;
}

impl Closing for Response {
    /// HTTP/2 has no such header: there a stream ends alone.
    fn with_closed_connection(mut self, version: Version) -> Self {
        if version < Version::HTTP_2 {
            self.headers_mut().insert(header::CONNECTION, poem::http::HeaderValue::from_static("close"));
        }
        self
    }
}
