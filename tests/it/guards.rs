//! What stands between the server loop and a route, and how failures are told.

use std::fmt::Write as _;

use alcove::{
    config::Limits,
    http::{Methods, Problem, assets::Assets},
};
use poem::{Endpoint, EndpointExt, Response, Route, handler, post};
use poem_openapi::{Object, OpenApi, OpenApiService, param::Path, payload::Json};

use crate::support::{Answer, Site, hurried};

#[derive(Object)]
struct Greeting {
    name: String,
    times: u8,
}

struct Api;

#[allow(clippy::unused_async, reason = "the macro takes async functions only")]
#[OpenApi]
impl Api {
    #[oai(path = "/greetings", method = "post")]
    async fn greet(&self, greeting: Json<Greeting>) -> Result<Json<Greeting>, Problem> {
        match greeting.0.times {
            0 => Err(Problem::not_allowed().member("times", 0)),
            _ => Ok(greeting),
        }
    }

    #[oai(path = "/greetings/:times", method = "get")]
    async fn find(&self, times: Path<u8>) -> Result<Json<Greeting>, Problem> {
        Ok(Json(Greeting { name: "Ana".into(), times: times.0 }))
    }
}

#[handler]
fn panics() -> &'static str {
    panic!("a defect")
}

fn service() -> OpenApiService<Api, ()> {
    OpenApiService::new(Api, "test", "1")
}

fn routes() -> impl Endpoint<Output = Response> {
    let pages = Route::new().at("/panic", post(panics)).nest("/api/v1", service()).nest_no_strip("/", Assets);
    pages.map_to_response()
}

async fn site(limits: Limits) -> Site {
    let description = serde_json::from_str(&service().spec()).unwrap();
    let methods = Methods::of_description("/api/v1", &description);
    Site::start_with(limits, routes(), |front| front.with_methods(methods)).await
}

async fn post_json(site: &Site, path: &str, body: &str) -> Answer {
    site.trust.ask("POST", path, "Content-Type: application/json\r\n", body.as_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_strict_headers() {
    let site = site(hurried()).await;
    let mut seen = String::new();
    for (method, path) in [("GET", "/"), ("GET", "/api/v1/greetings/3"), ("GET", "/api/v1/absent"), ("PUT", "/")] {
        let mut answer = site.trust.ask(method, path, "", &[]).await;
        answer.headers.retain(|(name, _)| name != "date" && name != "etag" && name != "content-length");
        answer.headers.sort();
        writeln!(seen, "{method} {path} {}", answer.status).unwrap();
        for (name, value) in answer.headers {
            let value = if name == "request-id" { "…".to_owned() } else { value };
            writeln!(seen, "  {name}: {value}").unwrap();
        }
    }
    let golden = include_str!("../golden/headers.txt");
    assert_eq!(seen, golden, "if this is meant, change tests/golden/headers.txt and have it reviewed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_problem_and_the_next_request_is_fine() {
    let site = site(hurried()).await;
    let answer = site.trust.ask("POST", "/panic", "", &[]).await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "internal"));
    assert!(!String::from_utf8(answer.body).unwrap().contains("a defect"));
    assert_eq!(site.trust.get("/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_never_repeated() {
    let site = site(hurried()).await;
    for body in [
        "{\"name\": \"very-secret\", \"times\": \"very-secret\"}",
        "{\"name\": \"very-secret\"}",
        "very-secret",
        "{\"very-secret\"",
        "[\"very-secret\"]",
    ] {
        let answer = post_json(&site, "/api/v1/greetings", body).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad-request"), "{body}");
        assert!(!String::from_utf8(answer.body).unwrap().contains("very-secret"), "{body}");
    }
    let answer = site.trust.ask("POST", "/api/v1/greetings", "Content-Type: text/very-secret\r\n", b"x").await;
    assert_eq!((answer.status, answer.code().as_str()), (415, "unsupported-media-type"));
    assert!(!String::from_utf8(answer.body).unwrap().contains("very-secret"));
    assert_eq!(site.trust.get("/api/v1/greetings/very-secret").await.code(), "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_and_huge_bodies_are_refused() {
    let site = site(hurried()).await;
    let deep = "[".repeat(100_000);
    assert_eq!(post_json(&site, "/api/v1/greetings", &deep).await.status, 400);
    let host = site.trust.host();
    let head = format!("POST /api/v1/greetings HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n");
    let announced = format!("{head}Content-Length: 10000000000\r\n\r\n");
    let answer = Answer::parse(&site.trust.send(announced.as_bytes()).await);
    assert_eq!((answer.status, answer.code().as_str()), (413, "too-large"));
    let mut unannounced = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..5 {
        unannounced.extend(b"10000\r\n");
        unannounced.extend(vec![b' '; 0x10000]);
        unannounced.extend(b"\r\n");
    }
    let answer = Answer::parse(&site.trust.send(&unannounced).await);
    assert_eq!((answer.status, answer.code().as_str()), (413, "too-large"));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_asked_for_by_another_site_are_refused() {
    let site = site(hurried()).await;
    let body = "{\"name\": \"Ana\", \"times\": 1}";
    let ask = async |headers: &str| {
        let headers = format!("Content-Type: application/json\r\n{headers}");
        site.trust.ask("POST", "/api/v1/greetings", &headers, body.as_bytes()).await
    };
    let ours = format!("Cookie: __Host-alcove=x\r\nOrigin: {}\r\n", site.trust.origin());
    assert_eq!(ask(&ours).await.status, 200);
    assert_eq!(ask("").await.status, 200);
    assert_eq!(ask("Cookie: __Host-alcove=x\r\nAlcove-Client: 1\r\n").await.status, 200);
    for theirs in ["Cookie: __Host-alcove=x\r\n", "Origin: https://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n"]
    {
        let answer = ask(theirs).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "other-site"), "{theirs}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_names_the_right_ones() {
    let site = site(hurried()).await;
    for (method, path, allow) in [
        ("GET", "/api/v1/greetings", "POST"),
        ("DELETE", "/api/v1/greetings/3", "GET, HEAD"),
        ("PUT", "/", "GET, HEAD"),
        ("OPTIONS", "/api/v1/greetings", "POST"),
    ] {
        let answer = site.trust.ask(method, path, "", &[]).await;
        assert_eq!((answer.status, answer.code().as_str()), (405, "method-not-allowed"), "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
    let head = site.trust.ask("HEAD", "/api/v1/greetings/3", "", &[]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_of_a_route_keeps_its_members_and_is_in_the_description() {
    let site = site(hurried()).await;
    let answer = post_json(&site, "/api/v1/greetings", "{\"name\": \"Ana\", \"times\": 0}").await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "not-allowed"));
    assert_eq!(answer.json()["times"], 0);
    let spec = service().spec();
    assert!(spec.contains("application/problem+json") && spec.contains("\"Problem\""), "{spec}");
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_counted_and_told_when_to_come_back() {
    let site = site(Limits { attempts_per_min: 6, attempts_burst: 3, ..hurried() }).await;
    for _ in 0..3 {
        assert_eq!(post_json(&site, "/api/v1/claims", "{}").await.status, 404);
    }
    let answer = post_json(&site, "/api/v1/claims", "{}").await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "too-many-attempts"));
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=11).contains(&seconds), "{seconds}");
    assert_eq!(site.trust.get("/").await.status, 200, "the rest goes on");
}
