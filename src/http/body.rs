//! A JSON request body: refused when it carries a secret, hashed for idempotency, never echoed in an error.

use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody, Result};
use poem_openapi::error::{ContentTypeError, ParseRequestPayloadError};
use poem_openapi::payload::{Json, ParsePayload, Payload};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::Problem;
use crate::app::idempotency::Once;
use crate::crypto::sign::sha256;

/// A tree of JSON takes many times the room of its text, so large ones are read a few at a time, whoever sends them.
const LARGE_BYTES: usize = 256 * 1024;
static TURNS: Semaphore = Semaphore::const_new(4);

/// A parsed JSON body.
#[derive(Clone, Debug)]
pub struct Body<T> {
    /// What it says.
    pub value: T,
    hash: [u8; 32],
}

impl<T> Body<T> {
    /// What makes this request the same as its repeats, if it names an idempotency key.
    ///
    /// # Errors
    /// `idempotency-refused`.
    pub fn once(&self, route: impl Into<String>, key: Option<&str>) -> Result<Option<Once>, Problem> {
        Ok(key.map(|key| Once::new(key, route, self.hash)).transpose()?)
    }
}

impl<T: Type> Payload for Body<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        Json::<T>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ParseFromJSON> ParsePayload for Body<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> Result<Self> {
        let bytes = <Vec<u8> as FromRequest>::from_request(request, body).await?;
        let _turn = if bytes.len() > LARGE_BYTES { TURNS.acquire().await.ok() } else { None };
        let value: Value = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
        if carries_secret(&value) {
            return Err(secret_in_body().into());
        }
        let hash = sha256(&bytes);
        let value = T::parse_from_json(Some(value)).map_err(|_| unreadable())?;
        Ok(Self { value, hash })
    }
}

impl<'a, T: ParseFromJSON> ApiExtractor<'a> for Body<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType { content_type: Self::CONTENT_TYPE, schema: Self::schema_ref() }];
        Some(MetaRequest { description: None, content, required: Self::IS_REQUIRED })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        match request.content_type() {
            Some(given) if Self::check_content_type(given) => <Self as ParsePayload>::from_request(request, body).await,
            Some(_) => Err(ContentTypeError::NotSupported { content_type: String::new() }.into()),
            None => Err(ContentTypeError::ExpectContentType.into()),
        }
    }
}

/// Whether a `prf` key stands anywhere in it: the output of a passkey's PRF opens keyrings and must never leave the
/// device, not even by accident inside a serialised credential. The depth is bounded by the JSON reader.
fn carries_secret(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(name, value)| name.eq_ignore_ascii_case("prf") || carries_secret(value))
        }
        Value::Array(items) => items.iter().any(carries_secret),
        _ => false,
    }
}

fn secret_in_body() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "secret-in-body", "This request carries a secret")
        .detail("A field named prf must never be sent; nothing of the request was used.")
        .next("Reload the page. If it stays, tell whoever runs the server: the device's code may have been changed.")
}

fn unreadable() -> ParseRequestPayloadError {
    // The reason would echo what was sent; the problem is worded in one place for all routes.
    ParseRequestPayloadError { reason: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prf_key_is_found_wherever_it_hides() {
        let found = |text: &str| carries_secret(&serde_json::from_str(text).unwrap());
        assert!(found(r#"{"prf": null}"#));
        assert!(found(r#"{"a": [{"b": {"PRF": {"results": {}}}}]}"#));
        assert!(!found(r#"{"a": "prf", "prfx": 1}"#));
    }
}
