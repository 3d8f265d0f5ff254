//! How every failure is told to a client: a problem (RFC 9457) with a stable code and what to do next.
//!
//! Must not: carry what was sent, or what went wrong inside.

use std::{borrow::Cow, fmt};

use poem::{
    IntoResponse, Response,
    error::ResponseError,
    http::{HeaderValue, StatusCode, header},
};
use poem_openapi::{
    ApiResponse, Object,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};
use serde_json::{Map, Value, json};

const MEDIA_TYPE: &str = "application/problem+json";

/// A failure as a client sees it. Use it as the error of a handler: `Result<Json<T>, Problem>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug, PartialEq)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<Cow<'static, str>>,
    next: Option<Cow<'static, str>>,
    retry_after_s: Option<u64>,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem with its stable code, in kebab case, and a short title for people.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        let members = Map::new();
        Self(Box::new(Parts { status, code, title, detail: None, next: None, retry_after_s: None, members }))
    }

    /// Says what happened this time. Never put in what was sent.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Says what the person can do next.
    #[must_use]
    pub fn next(mut self, next: impl Into<Cow<'static, str>>) -> Self {
        self.0.next = Some(next.into());
        self
    }

    /// Says after how many seconds it is worth another try.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// Adds a member for programs, for example the `head` that a write should have named.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.into(), value.into());
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The thing is absent, or the caller may not know that it exists.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here")
            .next("Check the address, or go back to where you came from.")
    }

    /// The caller is not signed in.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "signed-out", "You are signed out").next("Sign in again.")
    }

    /// The caller may know of the thing, but not do this with it.
    #[must_use]
    pub fn not_allowed() -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-allowed", "You may not do this")
            .next("Ask the practice's owner, if you should be able to.")
    }

    /// The request's form is wrong; `detail` names the part, never its content.
    #[must_use]
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "This request is not understood").detail(detail)
    }

    /// The body has more bytes than the route takes.
    #[must_use]
    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "This is too large").next("Send less at once.")
    }

    /// The body came too slowly or stopped.
    #[must_use]
    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "The upload stopped")
            .next("Check the connection and send it again.")
    }

    /// Too many requests from one network.
    #[must_use]
    pub fn too_many(retry_after_s: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts")
            .next("Wait a moment, then try again.")
            .retry_after_s(retry_after_s)
    }

    /// The route exists, but not with this method.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This address does not do that")
    }

    /// The body is of a kind that the route does not take.
    #[must_use]
    pub fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "This kind of content is not taken here",
        )
        .next("Send application/json, or application/octet-stream where the API says bytes.")
    }

    /// The practice's data is locked, and its key is not in memory.
    #[must_use]
    pub fn sealed() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "sealed", "The practice is sealed")
            .detail("The server runs, but the key of its data is not in its memory.")
            .next("Whoever runs the practice opens it on its unseal page, or with `alcove seal unseal`.")
            .retry_after_s(30)
    }

    /// Our fault. What it was is in the log, under the request's id.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on the server")
            .next("Try again. If it stays, tell whoever runs the server the Request-Id of this answer.")
    }

    fn body(&self) -> Value {
        let mut body = self.0.members.clone();
        body.insert("type".into(), json!(format!("urn:alcove:problem:{}", self.0.code)));
        body.insert("title".into(), json!(self.0.title));
        body.insert("status".into(), json!(self.0.status.as_u16()));
        body.insert("code".into(), json!(self.0.code));
        body.insert("detail".into(), json!(self.0.detail.as_deref().unwrap_or(self.0.title)));
        body.insert("next".into(), json!(self.0.next));
        Value::Object(body)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.code)
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response =
            Response::builder().status(self.0.status).content_type(MEDIA_TYPE).body(self.body().to_string());
        if let (StatusCode::RANGE_NOT_SATISFIABLE, Some(size)) = (self.0.status, self.0.members.get("size")) {
            // Whoever resumes learns where the file really ends (RFC 9110, 15.5.17).
            response.headers_mut().extend(range_end(size));
        }
        if let Some(seconds) = self.0.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn range_end(size: &Value) -> Option<(header::HeaderName, HeaderValue)> {
    Some((header::CONTENT_RANGE, HeaderValue::from_str(&format!("bytes */{size}")).ok()?))
}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.0.status
    }

    fn as_response(&self) -> Response {
        self.clone().into_response()
    }
}

/// The members that every problem has; some have more, named in the description of their route.
#[derive(Object)]
#[oai(rename = "Problem")]
#[allow(dead_code, reason = "it describes the shape in the API's description")]
struct ProblemShape {
    /// `urn:alcove:problem:` and the code.
    #[oai(rename = "type")]
    kind: String,
    /// What kind of failure this is, in a few words.
    title: String,
    /// The HTTP status again.
    status: u16,
    /// The stable code that programs compare.
    code: String,
    /// What happened this time.
    detail: String,
    /// What the person can do next.
    next: Option<String>,
}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType { content_type: MEDIA_TYPE, schema: ProblemShape::schema_ref() }];
        let description = "Any failure, as a problem (RFC 9457)";
        let any = MetaResponse { description, status: None, status_range: None, content, headers: Vec::new() };
        MetaResponses { responses: vec![any] }
    }

    fn register(registry: &mut Registry) {
        ProblemShape::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_problem_says_what_to_do_next() {
        let problem = Problem::too_many(7).member("head", "abc");
        let response = problem.into_response();
        assert_eq!(response.header("retry-after"), Some("7"));
        assert_eq!(response.content_type(), Some("application/problem+json"));
        let body: Value = response.into_body().into_json().await.unwrap();
        assert_eq!(body["code"], "too-many-attempts");
        assert_eq!(body["type"], "urn:alcove:problem:too-many-attempts");
        assert_eq!(body["status"], 429);
        assert_eq!(body["head"], "abc");
        assert!(body["next"].as_str().is_some_and(|next| !next.is_empty()));
    }
}
