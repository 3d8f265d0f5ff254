//! Turns whatever a route ended with into a problem: errors of the framework, panics, bodies that never came.
//!
//! Must not: repeat what was sent. The framework's own messages do, so none of them is passed on.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use poem::{
    Endpoint, Error, IntoResponse, Request, Response,
    error::{MethodNotAllowedError, NotFoundError},
    http::StatusCode,
};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError};

use super::{problem::Problem, server::BodyFate};

/// Calls the routes; whatever happens, there is a response.
pub async fn answer<E>(routes: &E, request: Request) -> Response
where
    E: Endpoint,
    E::Output: IntoResponse,
{
    let fate = request.extensions().get::<BodyFate>().cloned().unwrap_or_default();
    let outcome = AssertUnwindSafe(routes.call(request)).catch_unwind().await;
    // The panic itself was logged by the process's hook, where its place is known.
    let response = outcome.map_or_else(|_| Problem::internal().into_response(), respond);
    if fate.is_too_slow() {
        return Problem::too_slow().into_response();
    }
    if fate.is_too_large() {
        return Problem::too_large().into_response();
    }
    response
}

fn respond(outcome: Result<impl IntoResponse, Error>) -> Response {
    match outcome {
        Ok(response) => response.into_response(),
        Err(error) if error.is_from_response() => error.into_response(),
        Err(error) => problem(&error).into_response(),
    }
}

fn problem(error: &Error) -> Problem {
    if let Some(problem) = error.downcast_ref::<Problem>() {
        return problem.clone();
    }
    if let Some(ParseParamError { name, .. }) = error.downcast_ref() {
        return Problem::bad_request(format!("The parameter {name} is missing or not of the form it should have."));
    }
    if error.is::<ParsePathError>() || error.is::<poem::error::ParsePathError>() || error.is::<NotFoundError>() {
        return Problem::not_found();
    }
    if error.is::<ParseRequestPayloadError>() {
        return Problem::bad_request("The body is not JSON of the form that this route takes.");
    }
    if error.is::<MethodNotAllowedError>() {
        return Problem::method_not_allowed();
    }
    if error.is::<ContentTypeError>() {
        return Problem::unsupported_media_type();
    }
    by_status(error)
}

fn by_status(error: &Error) -> Problem {
    match error.status() {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::UNAUTHORIZED => Problem::signed_out(),
        StatusCode::FORBIDDEN => Problem::not_allowed(),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::unsupported_media_type(),
        status if status.is_client_error() => Problem::bad_request("A part of the request has the wrong form."),
        status => {
            tracing::error!(%status, error = %error, "a request failed");
            Problem::internal()
        }
    }
}
