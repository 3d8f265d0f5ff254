//! Headers that every response carries, whatever made it.

use poem::{
    Response,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};

/// What our pages may load and do. Everything the web UI does must run under it.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types svelte-trusted-html ProseMirrorClipboard app";

/// Passkeys for ourselves, and the camera, which reads a code face to face; no other device, sensor or payment for anybody.
const PERMISSIONS_POLICY: &str = "publickey-credentials-create=(self), publickey-credentials-get=(self), \
    accelerometer=(), autoplay=(), camera=(self), display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), \
    hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), \
    xr-spatial-tracking=()";

const PINNED: HeaderValue = HeaderValue::from_static("max-age=31536000");

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// A form that a page without scripts sends names its origin only under this policy; without it the browser says `null`,
/// which the guard against other sites refuses. Nothing is ever told to another origin.
const REFERRER_TO_US: HeaderValue = HeaderValue::from_static("same-origin");

/// Lets the forms of a page without scripts name their origin.
pub fn send_origin(response: &mut Response) {
    response.headers_mut().insert(header::REFERRER_POLICY, REFERRER_TO_US);
}

/// Sets them. `pinned` says whether browsers may be told to insist on https here for a year, which must never happen
/// to `localhost` or under a private authority.
pub fn apply(response: &mut Response, path: &str, pinned: bool) {
    let headers = response.headers_mut();
    let keeps_referrer = headers.get(header::REFERRER_POLICY) == Some(&REFERRER_TO_US);
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if keeps_referrer {
        headers.insert(header::REFERRER_POLICY, REFERRER_TO_US);
    }
    if is_kept_nowhere(path, headers) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if pinned {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, PINNED);
    }
}

fn is_kept_nowhere(path: &str, headers: &HeaderMap) -> bool {
    path.starts_with("/api/") || !headers.contains_key(header::CACHE_CONTROL)
}
