//! Ranges of a file over HTTP, as a browser that resumes a download asks for them.

use alcove::app::file::FileMade;
use alcove::config::Limits;
use alcove::crypto::sign::sha256;
use alcove::domain::role::Role;
use alcove::domain::text::b64u;
use alcove::http::{Front, api};
use poem::http::{StatusCode, header};
use poem::{Endpoint, EndpointExt as _, Request, Response, Route};

use crate::world::account::origin;
use crate::world::{World, actor, file_id};

/// Asks for the content with these headers.
async fn ask(site: &impl Endpoint<Output = Response>, path: &str, cookie: &str, headers: &[(&str, &str)]) -> Response {
    let request = Request::builder().uri(path.parse().unwrap()).header(header::HOST, "practice.example");
    let request = request.header(header::COOKIE, cookie);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    site.call(request.finish()).await.unwrap_or_else(poem::Error::into_response)
}

#[tokio::test]
async fn a_download_that_broke_off_goes_on_where_it_was() {
    let (world, owner, entered) = World::founded();
    world.add(&owner, Role::Owner);
    let (_, chain) = world.client(&owner, 1);
    let acts = actor(&owner, Role::Owner);
    let content: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
    let made = FileMade { file: file_id(1), size_bytes: 200_000, sha256: sha256(&content) };
    world.app.begin_file(&acts, None, chain.space, &made).unwrap();
    world.app.append_file(&acts, made.file, 0, content.as_slice()).unwrap();
    world.app.commit_file(&acts, made.file).unwrap();

    let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone()).map_to_response();
    let site = Front::new(routes, origin(), &Limits::default());
    let cookie = format!("__Host-alcove={}", entered.token.reveal());
    let path = format!("{}/files/{}/content", api::BASE, made.file);
    let whole = ask(&site, &path, &cookie, &[]).await;
    let etag = whole.header("etag").unwrap().to_owned();
    assert_eq!((whole.status(), etag.as_str()), (StatusCode::OK, format!("\"{}\"", b64u(&made.sha256)).as_str()));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert!(whole.into_body().into_vec().await.unwrap() == content);

    for if_range in [None, Some(etag.as_str())] {
        let mut headers = vec![("range", "bytes=70000-")];
        headers.extend(if_range.map(|tag| ("if-range", tag)));
        let rest = ask(&site, &path, &cookie, &headers).await;
        assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(rest.header("content-range"), Some("bytes 70000-199999/200000"));
        assert_eq!((rest.header("content-length"), rest.header("etag")), (Some("130000"), Some(etag.as_str())));
        assert!(rest.into_body().into_vec().await.unwrap() == content[70_000..]);
    }
    let other = format!("\"{}\"", b64u(&[9; 32]));
    for changed in [other, format!("W/{etag}"), "Tue, 24 Nov 2026 10:00:00 GMT".to_owned()] {
        let all = ask(&site, &path, &cookie, &[("range", "bytes=70000-"), ("if-range", &changed)]).await;
        assert_eq!((all.status(), all.header("content-length")), (StatusCode::OK, Some("200000")), "{changed}");
    }
    let beyond = ask(&site, &path, &cookie, &[("range", "bytes=200000-")]).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.header("content-range"), Some("bytes */200000"));
}
