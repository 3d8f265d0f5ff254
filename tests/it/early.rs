//! Large bodies of people who are not signed in: refused by the state of the practice before any of it has come.

use alcove::http::api;
use poem::{EndpointExt as _, Route};

use crate::joining::invited;
use crate::support::{Answer, Site, hurried};
use crate::world::World;
use crate::world::account::outside;

/// Asks with a head that announces a large body which never comes: who waits for it answers 408.
async fn announce(site: &Site, path: &str) -> Answer {
    let (host, base) = (site.trust.host(), api::BASE);
    let head = format!(
        "POST {base}{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n"
    );
    Answer::parse(&site.trust.send(head.as_bytes()).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_the_state_refuses_is_not_read() {
    let (world, owner, _) = World::founded();
    let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
    let site = Site::start(hurried(), routes).await;
    let claimed = announce(&site, "/practice").await;
    assert_eq!((claimed.status, claimed.code().as_str()), (409, "already-claimed"));

    let (_, invite, join) = invited(&world, &owner);
    let path = format!("/invites/{invite}/join");
    assert_eq!(announce(&site, &path).await.status, 408, "an open invite's body is waited for");
    world.app.join(&outside(), invite, join).unwrap();
    let spent = announce(&site, &path).await;
    assert_eq!((spent.status, spent.code().as_str()), (410, "invite-spent"));
    let unknown = announce(&site, "/invites/inv_00000000000000000000000000/join").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "not-found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_up_takes_a_set_up_session_before_it_takes_a_body() {
    let world = World::unclaimed();
    let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
    let site = Site::start(hurried(), routes).await;
    assert_eq!(announce(&site, "/practice").await.code(), "signed-out");
}
