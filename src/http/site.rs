//! Refuses changes that another site asks for (cross-site request forgery), before any route runs.
//!
//! A browser names the asking site in `Origin`, or at least in `Sec-Fetch-Site`. A program sends neither; when it
//! carries a cookie it must also send `Alcove-Client: 1`, which no other site can add without asking us first.

use poem::{
    Request,
    http::{StatusCode, header},
};

use super::problem::Problem;
use crate::domain::origin::Origin;

/// Checks that a request which may change something comes from our own pages or from a program.
///
/// # Errors
/// `other-site`.
pub fn check(request: &Request, origin: &Origin) -> Result<(), Problem> {
    if request.method().is_safe() {
        return Ok(());
    }
    let mut origins = request.headers().get_all(header::ORIGIN).iter();
    let allowed = match (origins.next(), origins.next()) {
        (Some(asking), None) => asking.as_bytes() == origin.to_string().as_bytes(),
        (Some(_), Some(_)) => false,
        (None, _) => match request.header("sec-fetch-site") {
            Some(relation) => relation == "same-origin",
            None => !request.headers().contains_key(header::COOKIE) || request.header("alcove-client") == Some("1"),
        },
    };
    if allowed { Ok(()) } else { Err(other_site(origin)) }
}

fn other_site(origin: &Origin) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "other-site", "This request came from another site")
        .detail("Only the practice's own pages may change anything.")
        .next(format!("Open {origin} and try again there."))
}

#[cfg(test)]
mod tests {
    use poem::http::Method;

    use super::*;

    fn verdict(method: Method, headers: &[(&str, &str)]) -> bool {
        let builder = Request::builder().method(method);
        let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
        check(&builder.finish(), &"https://localhost:8443".parse().unwrap()).is_ok()
    }

    #[test]
    fn only_our_own_pages_and_programs_change_things() {
        let cookie = ("cookie", "__Host-alcove=x");
        for (headers, expected) in [
            (&[][..], true),
            (&[cookie], false),
            (&[cookie, ("alcove-client", "1")], true),
            (&[cookie, ("origin", "https://localhost:8443")], true),
            (&[cookie, ("origin", "https://localhost:8444")], false),
            (&[cookie, ("origin", "null")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "https://localhost:8443"), ("origin", "https://evil.example")], false),
            (&[cookie, ("sec-fetch-site", "same-origin")], true),
            (&[cookie, ("sec-fetch-site", "same-site"), ("alcove-client", "1")], false),
            (&[("sec-fetch-site", "cross-site")], false),
        ] {
            assert_eq!(verdict(Method::POST, headers), expected, "{headers:?}");
        }
        assert!(verdict(Method::GET, &[cookie, ("origin", "https://evil.example")]));
        assert!(!verdict(Method::DELETE, &[cookie]));
    }
}
