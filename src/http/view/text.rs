//! Values that travel as text: ids, base64url bytes, instants. They are parsed before a handler sees them, and the
//! text that does not parse is never repeated.

use std::borrow::Cow;

use jiff::civil::Date;
use jiff::{Timestamp, Unit};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type};
use serde_json::Value;

use crate::domain::id::{
    CaseId, ChallengeId, ClientId, DeviceId, FileId, InstallId, InviteId, KeyId, PersonId, RecordId, ReviewId, RoleId,
    SlotId, SpaceId,
};
use crate::domain::role::Role;
use crate::domain::text::{b64u, parse_b64u};

/// A value as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<T>(pub T);

/// What has a form as text.
pub trait Worded: Sized + Send + Sync + 'static {
    /// The form's name in the API's description.
    const FORMAT: &'static str;
    /// The value of this text.
    fn read(text: &str) -> Option<Self>;
    /// The text of this value.
    fn write(&self) -> String;
}

macro_rules! worded_ids {
    ($($name:ident = $format:literal),* $(,)?) => {$(
        impl Worded for $name {
            const FORMAT: &'static str = $format;
            fn read(text: &str) -> Option<Self> { text.parse().ok() }
            fn write(&self) -> String { self.to_string() }
        }
    )*};
}
worded_ids! {
    CaseId = "case-id", ChallengeId = "challenge-id", ClientId = "client-id", DeviceId = "device-id", FileId = "file-id",
    InstallId = "install-id", InviteId = "invite-id", KeyId = "key-id", PersonId = "person-id", RecordId = "record-id",
    ReviewId = "review-id", Role = "role", RoleId = "role-id", SlotId = "slot-id", SpaceId = "space-id",
}

impl Worded for Vec<u8> {
    const FORMAT: &'static str = "base64url";

    fn read(text: &str) -> Option<Self> {
        parse_b64u(text)
    }

    fn write(&self) -> String {
        b64u(self)
    }
}

impl<const N: usize> Worded for [u8; N] {
    const FORMAT: &'static str = "base64url";

    fn read(text: &str) -> Option<Self> {
        parse_b64u(text)?.try_into().ok()
    }

    fn write(&self) -> String {
        b64u(self)
    }
}

impl Worded for Timestamp {
    const FORMAT: &'static str = "date-time";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// RFC 3339 in UTC with milliseconds, always.
    fn write(&self) -> String {
        format!("{:.3}", self.round(Unit::Millisecond).unwrap_or(*self))
    }
}

impl<T: Worded> Type for Text<T> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        format!("string_{}", T::FORMAT).into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", T::FORMAT)))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl<T: Worded> ParseFromJSON for Text<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::String(text)) => Self::parse_from_parameter(&text),
            _ => Err(ParseError::custom("not text")),
        }
    }
}

impl<T: Worded> ParseFromParameter for Text<T> {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        T::read(text).map(Self).ok_or_else(|| ParseError::custom("not of this form"))
    }
}

impl<T: Worded> ToJSON for Text<T> {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.0.write()))
    }
}

impl Worded for Date {
    const FORMAT: &'static str = "date";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_milliseconds_always() {
        let at: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        assert_eq!(at.write(), "2026-11-24T10:00:00.000Z");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let parse = |text: &str| Text::<[u8; 2]>::parse_from_parameter(text).is_ok();
        assert!(parse("AAA"));
        assert!(!parse("AAAA"));
        assert!(!parse("AA=="));
    }
}
