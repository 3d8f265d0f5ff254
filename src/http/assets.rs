//! Serves the web UI. Any path that could be a page gets the start page, whose router knows the rest.

use std::borrow::Cow;

use bytes::Bytes;
use poem::{
    Body, Endpoint, Error, Request, Response, Result,
    error::NotFoundError,
    http::{HeaderMap, Method, StatusCode, header},
};

use super::problem::Problem;
use crate::assets::{Asset, Coding, START_PAGE};

/// The endpoint behind every path that no route takes.
pub struct Assets;

impl Endpoint for Assets {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Problem::method_not_allowed().into());
        }
        let accepts = |coding| accepts(request.headers(), coding);
        let path = request.original_uri().path().trim_start_matches('/');
        let asset = Asset::find(path, accepts).or_else(|| is_page(path).then(|| Asset::find(START_PAGE, accepts))?);
        let asset = asset.ok_or_else(|| Error::from(NotFoundError))?;
        Ok(respond(&request, asset))
    }
}

/// Pages have no dot in their last part, and never lie where files or the API do.
fn is_page(path: &str) -> bool {
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    !is_file && !["api/", "assets/"].iter().any(|taken| path.starts_with(taken)) && path != "api"
}

fn respond(request: &Request, asset: Asset) -> Response {
    let keep = if asset.is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let response = Response::builder()
        .header(header::ETAG, &asset.etag)
        .header(header::CACHE_CONTROL, keep)
        .header(header::VARY, "accept-encoding");
    if is_fresh(request.headers(), &asset.etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    let response = match asset.coding {
        Some(Coding::Brotli) => response.header(header::CONTENT_ENCODING, "br"),
        Some(Coding::Gzip) => response.header(header::CONTENT_ENCODING, "gzip"),
        None => response,
    };
    let response = response.header(header::CONTENT_LENGTH, asset.bytes.len()).content_type(asset.media_type);
    if *request.method() == Method::HEAD { response.finish() } else { response.body(body(asset.bytes)) }
}

fn body(bytes: Cow<'static, [u8]>) -> Body {
    match bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes).into(),
        Cow::Owned(bytes) => bytes.into(),
    }
}

/// RFC 9110, 13.1.2: a weak comparison.
fn is_fresh(headers: &HeaderMap, etag: &str) -> bool {
    let mut known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.any(|list| list.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag))
}

/// RFC 9110, 12.5.3: named and not with a weight of zero.
fn accepts(headers: &HeaderMap, coding: Coding) -> bool {
    let name = match coding {
        Coding::Brotli => "br",
        Coding::Gzip => "gzip",
    };
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|seen| seen.eq_ignore_ascii_case(name));
        let is_zero = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.trim_end_matches(['0', '.']).is_empty());
        is_named && !parts.any(is_zero)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_taken_as_the_asker_says() {
        let says = |list: &str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, list.parse().unwrap())]);
            (accepts(&headers, Coding::Brotli), accepts(&headers, Coding::Gzip))
        };
        assert_eq!(says("gzip, deflate, br, zstd"), (true, true));
        assert_eq!(says("br;q=0, gzip;q=0.5"), (false, true));
        assert_eq!(says("br;q=0.000"), (false, false));
        assert_eq!(says("identity"), (false, false));
    }

    #[test]
    fn only_paths_that_could_be_pages_start_the_application() {
        for (path, expected) in [
            ("", true),
            ("clients/cli_1", true),
            ("a.js", false),
            ("assets/x", false),
            ("api/v1/x", false),
            ("api", false),
        ] {
            assert_eq!(is_page(path), expected, "{path}");
        }
    }
}
