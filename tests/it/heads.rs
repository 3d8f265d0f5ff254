//! Hostile case 5, and the one address that a practice has.

use poem::{Route, get, handler, post};

use crate::support::{Answer, Site, hurried};

#[handler]
fn hello(body: String) -> String {
    body
}

fn routes() -> Route {
    Route::new().at("/", get(hello)).at("/post", post(hello))
}

async fn site() -> Site {
    Site::start(hurried(), routes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_head_is_refused_and_the_connection_closed() {
    let site = site().await;
    let host = site.trust.host();
    for head in [
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n"),
        format!("GET https://evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        format!(
            "POST /post HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        format!(
            "POST /post HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"
        ),
        format!("POST /post HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        format!("GET / HTTP/1.1\nHost: {host}\n\n"),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: y\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost : {host}\r\n\r\n"),
    ] {
        // No `Connection: close`: that the answer ends is the server's doing.
        let answer = Answer::parse(&site.trust.send(head.as_bytes()).await);
        assert_eq!(answer.status, 400, "{head:?}");
        assert_eq!(answer.header("connection"), Some("close"), "{head:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_follow_one_another_and_a_chunked_one_is_the_last() {
    let site = site().await;
    let host = site.trust.host();
    let post = format!("POST /post HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n\r\na\nb");
    let get = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let chunked =
        format!("POST /post HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n");
    let all = site.trust.send(format!("{post}{get}{post}{chunked}{get}").as_bytes()).await;
    let text = String::from_utf8(all).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 4, "{text}");
    assert_eq!(text.matches("a\nb").count(), 2);
    assert!(text.ends_with('z'));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_name_is_told_the_right_address() {
    let site = site().await;
    let ask = async |host: &str, accept: &str| {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: {accept}\r\n\r\n");
        Answer::parse(&site.trust.send(request.as_bytes()).await)
    };
    let problem = ask("practice.local", "application/json").await;
    assert_eq!((problem.status, problem.code().as_str()), (421, "other-host"));
    assert_eq!(problem.json()["origin"], site.trust.origin());
    assert_eq!(ask("localhost", "*/*").await.status, 421, "the port counts");
    assert_eq!(ask(&site.trust.host().to_uppercase(), "*/*").await.status, 200);

    let page = ask("practice.local", "text/html,*/*;q=0.8").await;
    assert_eq!((page.status, page.header("content-type")), (421, Some("text/html; charset=utf-8")));
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert!(html.contains(&format!("<a href=\"{}/\">", site.trust.origin())), "{html}");
    assert!(!html.contains("practice.local") && !html.contains("<script"), "{html}");
    assert!(page.header("content-security-policy").is_some());
}
