//! The `Range` header (RFC 9110, section 14.2). One range is understood; anything else is answered with everything.

use crate::domain::file::Span;

/// What the header asks for.
pub fn span(header: Option<&str>) -> Span {
    header.and_then(one).unwrap_or(Span::All)
}

fn one(header: &str) -> Option<Span> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    match (first, last) {
        ("", last) => Some(Span::Last(number(last)?)),
        (first, "") => Some(Span::From(number(first)?, None)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Span::From(first, Some(last)))
        }
    }
}

fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_the_rest_is_everything() {
        assert_eq!(span(Some("bytes=0-99")), Span::From(0, Some(99)));
        assert_eq!(span(Some("bytes=100-")), Span::From(100, None));
        assert_eq!(span(Some("bytes=-5")), Span::Last(5));
        for other in ["bytes=5-1", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=+1-2", ""] {
            assert_eq!(span(Some(other)), Span::All, "{other}");
        }
        assert_eq!(span(None), Span::All);
    }
}
