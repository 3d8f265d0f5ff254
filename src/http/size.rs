//! Caps bodies by the class of their route, before anything reads them.

use http_body_util::{BodyExt, combinators::BoxBody};
use poem::{Body, Request, http::header};

use super::{
    classes::body_bytes_max,
    problem::Problem,
    server::{BodyFate, CappedBody},
};

/// Refuses a body that announces too many bytes, and caps one that does not say.
///
/// # Errors
/// `too-large`.
pub fn cap(request: &mut Request) -> Result<(), Problem> {
    let bytes_max = body_bytes_max(request.uri().path());
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: u64| bytes > bytes_max) {
        return Err(Problem::too_large());
    }
    let fate = request.extensions().get::<BodyFate>().cloned().unwrap_or_default();
    let body = BoxBody::from(request.take_body());
    request.set_body(Body::from(CappedBody::new(body, bytes_max, fate).boxed()));
    Ok(())
}
