//! The API: one file per noun, assembled and described here. Each operation carries the right it needs as a tag;
//! `tests/golden/routes.txt` is the reviewed list.

mod activity;
mod clients;
mod devices;
mod done;
mod events;
mod factors;
mod files;
mod invites;
mod links;
mod me;
mod needs;
mod passkeys;
mod people;
mod practice;
mod records;
mod recovery;
mod reviews;
mod roles;
mod session;
mod sign_in;
mod spaces;
mod team;

use poem::Route;
use poem_openapi::OpenApiService;

pub use done::Done;
pub use needs::Needs;

/// Where the API lies.
pub const BASE: &str = "/api/v1";

macro_rules! nouns {
    ($($noun:expr),* $(,)?) => {
        ($($noun),*)
    };
}

fn service() -> OpenApiService<impl poem_openapi::OpenApi, ()> {
    // A tuple of nouns has at most sixteen: those about oneself, and those about the practice.
    let oneself = nouns!(
        passkeys::PasskeysApi,
        sign_in::SignInApi,
        session::SessionApi,
        me::MeApi,
        devices::DevicesApi,
        factors::FactorsApi,
        links::LinksApi,
        activity::ActivityApi,
        events::EventsApi,
    );
    let practice = nouns!(
        practice::PracticeApi,
        people::PeopleApi,
        roles::RolesApi,
        reviews::ReviewsApi,
        recovery::RecoveryApi,
        team::TeamApi,
        clients::ClientsApi,
        invites::InvitesApi,
        spaces::SpacesApi,
        records::RecordsApi,
        files::FilesApi,
    );
    let nouns = (oneself, practice);
    OpenApiService::new(nouns, "Alcove", "1")
        .description("The API of one practice. Sealed bodies are opaque bytes; failures are problems (RFC 9457).")
        .server(BASE)
}

/// The API's routes with its description at `openapi.json`, to be nested at [`BASE`].
#[must_use]
pub fn routes() -> Route {
    let service = service();
    let description = service.spec_endpoint();
    Route::new().at("/openapi.json", description).nest("/", service)
}

/// The API's description, as `web/openapi.json` keeps it.
#[must_use]
pub fn description() -> String {
    service().spec()
}
