//! The `Range` header (RFC 9110, section 14.2). One range is understood; anything else is answered with everything.

use crate::domain::file::{Span, Wanted};
use crate::domain::text::parse_b64u_32;

/// What `Range` asks for, if what it is a part of is still what `If-Range` names: a strong tag of ours. Dates and weak
/// tags name nothing for sure, and are answered with everything.
pub fn wanted(range: Option<&str>, if_range: Option<&str>) -> Wanted {
    let span = range.and_then(one).unwrap_or(Span::All);
    let Some(tag) = if_range else { return span.into() };
    match tag.trim().strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(parse_b64u_32) {
        Some(of) => Wanted { span, of: Some(of) },
        None => Span::All.into(),
    }
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

    fn span(range: Option<&str>) -> Span {
        super::wanted(range, None).span
    }

    #[test]
    fn a_range_counts_only_for_the_content_that_it_names() {
        let tag = format!("\"{}\"", crate::domain::text::b64u(&[7; 32]));
        let wanted = |if_range: &str| super::wanted(Some("bytes=5-"), Some(if_range));
        assert_eq!(wanted(&tag), Wanted { span: Span::From(5, None), of: Some([7; 32]) });
        for other in [format!("W/{tag}"), "Tue, 24 Nov 2026 10:00:00 GMT".to_owned(), "\"short\"".to_owned()] {
            assert_eq!(wanted(&other), Span::All.into(), "{other}");
        }
    }

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
