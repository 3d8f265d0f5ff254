//! What the rules ask for and a session lacks is refused by the server itself, whatever program asks: over the socket.

use alcove::app::sign_in::Entered;
use alcove::config::Limits;
use alcove::domain::person::Person;
use alcove::domain::role::Role;
use alcove::domain::security_policy::{SecondFactor, SecurityPolicy};
use alcove::http::api;
use alcove::store::{Reads as _, StoreError};
use poem::{EndpointExt as _, Route};
use serde_json::json;

use crate::matrix::ask;
use crate::support::{Answer, Site};
use crate::world::account::{device, outside};
use crate::world::factors::{TotpApp, came_in};
use crate::world::sign::Keys;
use crate::world::{World, actor};

/// A practice whose founder is an admin, signed in by password alone.
struct Desk {
    world: World,
    admin: Keys,
    entered: Entered,
    site: Site,
}

impl Desk {
    async fn of(role: Role) -> Self {
        let (world, admin, entered) = World::founded_by_password();
        world.prove(&admin);
        world.add(&Keys::of(9), Role::Owner);
        let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&admin.person));
        world.put(&Person { role, ..found.unwrap().unwrap() });
        let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
        let site = Site::start(Limits { attempts_burst: 1000, ..Limits::default() }, routes).await;
        Self { world, admin, entered, site }
    }

    async fn asks(&self, entered: &Entered, method: &str, path: &str, body: &str) -> Answer {
        let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        let headers = format!("Cookie: __Host-alcove={}\r\n{kind}", entered.token.reveal());
        ask(&self.site, method, path, &headers, body.as_bytes()).await
    }

    async fn adds_app(&self) -> TotpApp {
        let begun = self.asks(&self.entered, "POST", "/me/factors/totp", "").await;
        let app = TotpApp::of(begun.json()["secret"].as_str().unwrap());
        let code = json!({"code": app.shows(self.world.clock.now())}).to_string();
        let done = self.asks(&self.entered, "PUT", "/me/factors/totp", &code).await;
        assert_eq!(done.status, 200);
        app
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_without_a_second_factor_works_with_nothing_until_they_have_one() {
    let desk = Desk::of(Role::Admin).await;
    for path in ["/people", "/policy", "/roles", "/reviews"] {
        let refused = desk.asks(&desk.entered, "GET", path, "").await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "factor-needed"), "{path}");
    }
    let me = desk.asks(&desk.entered, "GET", "/me", "").await;
    assert_eq!((me.status, &me.json()["needs_factor"]), (200, &json!(true)));
    let app = desk.adds_app().await;
    assert_eq!(desk.asks(&desk.entered, "GET", "/people", "").await.status, 200, "the same session");
    // From then on nobody comes in without it.
    desk.world.clock.advance_ms(30_000);
    let asked = desk.world.first_step(&desk.admin);
    let entered = desk.world.give(asked.challenge, &app).unwrap();
    assert_eq!(desk.asks(&entered, "GET", "/people", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_asks_everybody_holds_from_the_next_request_on() {
    let desk = Desk::of(Role::Practitioner).await;
    assert_eq!(desk.asks(&desk.entered, "GET", "/clients", "").await.status, 200);
    let rule = SecurityPolicy { second_factor: SecondFactor::Everybody, ..SecurityPolicy::default() };
    desk.world.app.set_security_policy(&actor(&Keys::of(9), Role::Owner), rule).unwrap();
    assert_eq!(desk.asks(&desk.entered, "GET", "/clients", "").await.code(), "factor-needed");
    desk.adds_app().await;
    assert_eq!(desk.asks(&desk.entered, "GET", "/clients", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_ran_out_has_a_refusal_of_its_own() {
    let desk = Desk::of(Role::Admin).await;
    let strict = SecurityPolicy { profile: "strict".parse().unwrap(), ..SecurityPolicy::default() };
    desk.world.app.set_security_policy(&actor(&Keys::of(9), Role::Owner), strict).unwrap();
    desk.world.minutes_pass(60 * 24 * 91);
    let entered = came_in(desk.world.app.sign_in(&outside(), desk.world.proof(&desk.admin, 1), &device(2)).unwrap());
    assert_eq!(desk.asks(&entered, "GET", "/people", "").await.code(), "factor-needed", "that one first");
    desk.world.strengthen(&entered);
    let refused = desk.asks(&entered, "GET", "/people", "").await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "password-expired"));
    assert_eq!(desk.asks(&entered, "GET", "/me/keyring", "").await.status, 200, "it is changed by that");
}
