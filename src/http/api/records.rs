//! Records: taken, listed by change cursor, handed out.

use poem::http::header;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Binary, Json, Response};

use super::Needs;
use crate::app::App;
use crate::domain::id::{RecordId, SpaceId};
use crate::domain::text::b64u;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::record::{ChangesView, RecordHeadView, RecordWriteView};
use crate::http::view::text::Text;

/// Records.
pub struct RecordsApi;

#[OpenApi]
impl RecordsApi {
    /// Takes a sealed revision.
    #[oai(path = "/spaces/:space/records", method = "post", tag = "Needs::WriteRecords")]
    async fn write(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
        /// Makes repeats of this request harmless.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Body<RecordWriteView>,
    ) -> Result<Json<RecordHeadView>, Problem> {
        let once = body.once(format!("POST /spaces/{}/records", space.0.0), key.as_deref())?;
        let (space, write) = (space.0.0, body.value.into());
        Ok(Json(blocking(&app, move |app| app.write_record(who.actor(), once.as_ref(), space, &write)).await?.into()))
    }

    /// The changes after a cursor.
    #[oai(path = "/spaces/:space/changes", method = "get", tag = "Needs::ReadSpaces")]
    async fn changes(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
        /// The cursor up to which everything is known.
        since: Query<Option<u64>>,
        /// How many at most, up to 500.
        limit: Query<Option<u16>>,
    ) -> Result<Json<ChangesView>, Problem> {
        let (since, limit) = (since.0.unwrap_or(0), limit.0.unwrap_or(500));
        let read = blocking(&app, move |app| app.changes(who.actor(), space.0.0, since, limit.into())).await?;
        Ok(Json(read.into()))
    }

    /// The sealed body of one revision.
    #[oai(path = "/spaces/:space/records/:record/:rev", method = "get", tag = "Needs::ReadSpaces")]
    async fn body(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
        record: Path<Text<RecordId>>,
        rev: Path<u64>,
    ) -> Result<Response<Binary<Vec<u8>>>, Problem> {
        let (space, record, rev) = (space.0.0, record.0.0, rev.0);
        let (change, body) = blocking(&app, move |app| app.record_body(who.actor(), space, record, rev)).await?;
        Ok(Response::new(Binary(body)).header(header::ETAG, format!("\"{}\"", b64u(&change.hash))))
    }
}
