//! The embedded web UI over HTTP. The tests hold for any build of it, also one without.

use alcove::http::assets::Assets;
use poem::Route;

use crate::support::{Answer, Site, hurried};

async fn site() -> Site {
    Site::start(hurried(), Route::new().nest_no_strip("/", Assets)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_page_is_checked_each_time_and_sent_once() {
    let site = site().await;
    let page = site.trust.get("/").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let etag = page.header("etag").unwrap().to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() == 34, "{etag}");
    let again = site.trust.ask("GET", "/", &format!("If-None-Match: \"x\", W/{etag}\r\n"), &[]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), Some(etag.as_str()));
    let changed = site.trust.ask("GET", "/", "If-None-Match: \"x\"\r\n", &[]).await;
    assert_eq!((changed.status, changed.body), (200, page.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_says_what_a_get_would() {
    let site = site().await;
    let visible = |answer: &Answer| {
        let headers = answer.headers.iter().filter(|(name, _)| name != "date" && name != "request-id");
        headers.cloned().collect::<Vec<_>>()
    };
    let (get, head) = (site.trust.get("/").await, site.trust.ask("HEAD", "/", "", &[]).await);
    let (mut of_get, mut of_head) = (visible(&get), visible(&head));
    of_get.sort();
    of_head.sort();
    assert_eq!(of_head, of_get);
    assert!(head.body.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_start_the_application_and_files_do_not() {
    let site = site().await;
    let page = site.trust.get("/").await.body;
    assert_eq!(site.trust.get("/clients/cli_1?tab=notes").await.body, page);
    for path in ["/absent.js", "/assets/absent", "/index.html.br", "/../Cargo.toml", "/api/v1/absent", "/%2e%2e/x.toml"]
    {
        let answer = site.trust.get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "not-found"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_forms_have_their_own_tag_and_are_whole() {
    let site = site().await;
    let plain = site.trust.get("/").await;
    assert_eq!(plain.header("vary"), Some("accept-encoding"));
    let br = site.trust.ask("GET", "/", "Accept-Encoding: br\r\n", &[]).await;
    if br.header("content-encoding").is_some() {
        assert_eq!(br.header("content-encoding"), Some("br"));
        assert_ne!(br.header("etag"), plain.header("etag"));
        assert!(br.body.len() < plain.body.len());
    } else {
        assert!(plain.body.len() < 512, "only a small page has no compressed form");
    }
}
