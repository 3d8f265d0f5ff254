//! Files: uploaded in parts, committed, handed out in ranges.

use poem::Body;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Binary, Json};

use super::Needs;
use crate::app::App;
use crate::domain::id::{FileId, SpaceId};
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body as JsonBody;
use crate::http::pour::pour;
use crate::http::range::wanted;
use crate::http::session::SignedIn;
use crate::http::view::file::{ContentView, FileCommittedView, FileMadeView, FileView, ReceivedView, UploadView};
use crate::http::view::text::Text;

/// Files.
pub struct FilesApi;

#[OpenApi]
impl FilesApi {
    /// Begins an upload, or finds where it stands.
    #[oai(path = "/spaces/:space/files", method = "post", tag = "Needs::UploadFiles")]
    async fn begin(
        &self,
        app: Data<&App>,
        who: SignedIn,
        space: Path<Text<SpaceId>>,
        /// Makes repeats of this request harmless.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: JsonBody<FileMadeView>,
    ) -> Result<Json<UploadView>, Problem> {
        let once = body.once(format!("POST /spaces/{}/files", space.0.0), key.as_deref())?;
        let (space, made) = (space.0.0, body.value.into());
        Ok(Json(blocking(&app, move |app| app.begin_file(who.actor(), once.as_ref(), space, &made)).await?.into()))
    }

    /// Appends a part of up to 8 MiB.
    #[oai(path = "/files/:file/parts/:offset", method = "put", tag = "Needs::UploadFiles")]
    async fn append(
        &self,
        app: Data<&App>,
        who: SignedIn,
        file: Path<Text<FileId>>,
        offset: Path<u64>,
        part: Binary<Body>,
    ) -> Result<Json<ReceivedView>, Problem> {
        let (file, offset) = (file.0.0, offset.0);
        let begun = blocking(&app, move |app| app.begin_part(who.actor(), file, offset)).await?;
        Ok(Json(ReceivedView { received: pour(&app, begun, part.0).await? }))
    }

    /// Completes an upload.
    #[oai(path = "/files/:file/commit", method = "post", tag = "Needs::UploadFiles")]
    async fn commit(
        &self,
        app: Data<&App>,
        who: SignedIn,
        file: Path<Text<FileId>>,
    ) -> Result<Json<FileCommittedView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.commit_file(who.actor(), file.0.0)).await?.into()))
    }

    /// A file, and how much of it has come.
    #[oai(path = "/files/:file", method = "get", tag = "Needs::UploadFiles")]
    async fn see(&self, app: Data<&App>, who: SignedIn, file: Path<Text<FileId>>) -> Result<Json<FileView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.file(who.actor(), file.0.0)).await?.into()))
    }

    /// The sealed bytes of a file.
    #[oai(path = "/files/:file/content", method = "get", tag = "Needs::ReadSpaces")]
    async fn content(
        &self,
        app: Data<&App>,
        who: SignedIn,
        file: Path<Text<FileId>>,
        /// One range of bytes.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
        /// The `ETag` of what the range is the rest of; of another content everything is answered.
        #[oai(name = "If-Range")]
        if_range: Header<Option<String>>,
    ) -> Result<ContentView, Problem> {
        let wanted = wanted(range.as_deref(), if_range.as_deref());
        Ok(blocking(&app, move |app| app.read_file(who.actor(), file.0.0, wanted)).await?.into())
    }
}
