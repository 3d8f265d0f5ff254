//! One's own account: who one is, the keyring, the kits, what changed, the directory, the anchor, restores.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::{Done, Needs};
use crate::app::App;
use crate::app::keyring::KeyringChange;
use crate::app::proof::Proof;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::keyring::{KeyringChangeView, KeyringVersionView, KeyringView};
use crate::http::view::me::{
    AccountChangesView, AnchorView, DirectoryView, LeavesReofferedView, MeView, RestoreSignedView,
};
use crate::http::view::record::RetakenView;
use crate::http::view::sign_in::KitProofView;

/// One's own account.
pub struct MeApi;

#[OpenApi]
impl MeApi {
    /// Who is signed in.
    #[oai(path = "/me", method = "get", tag = "Needs::EndSession")]
    async fn me(&self, app: Data<&App>, who: SignedIn) -> Result<Json<MeView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.me(&who.asker)).await?.into()))
    }

    /// One's sealed keyring.
    #[oai(path = "/me/keyring", method = "get", tag = "Needs::OwnAccount")]
    async fn keyring(&self, app: Data<&App>, who: SignedIn) -> Result<Json<KeyringView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.keyring(&who.asker)).await?.into()))
    }

    /// Replaces one's keyring, if the version is still the expected one.
    #[oai(path = "/me/keyring", method = "put", tag = "Needs::OwnAccount")]
    async fn replace_keyring(
        &self,
        app: Data<&App>,
        who: SignedIn,
        body: Body<KeyringChangeView>,
    ) -> Result<Json<KeyringVersionView>, Problem> {
        let change = KeyringChange::try_from(body.value)?;
        let version = blocking(&app, move |app| app.replace_keyring(&who.asker, change)).await?;
        Ok(Json(KeyringVersionView { version }))
    }

    /// Notes that the kits were typed back.
    #[oai(path = "/me/kits", method = "put", tag = "Needs::OwnAccount")]
    async fn prove_kits(&self, app: Data<&App>, who: SignedIn, body: Body<KitProofView>) -> Result<Done, Problem> {
        let (proof, restore): (Proof, bool) = body.value.into();
        blocking(&app, move |app| app.prove_kits(who.actor(), proof, restore)).await?;
        Ok(Done::Done)
    }

    /// What changed for oneself since a cursor.
    #[oai(path = "/account/changes", method = "get", tag = "Needs::OwnAccount")]
    async fn changes(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// The cursor up to which everything is known.
        since: Query<Option<u64>>,
    ) -> Result<Json<AccountChangesView>, Problem> {
        let since = since.0.unwrap_or(0);
        Ok(Json(blocking(&app, move |app| app.account_changes(who.actor(), since)).await?.into()))
    }

    /// The leaves of the directory.
    #[oai(path = "/directory", method = "get", tag = "Needs::OwnAccount")]
    async fn directory(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// The first leaf wanted, from 1.
        from: Query<Option<u64>>,
    ) -> Result<Json<DirectoryView>, Problem> {
        let from = from.0.unwrap_or(0);
        Ok(Json(blocking(&app, move |app| app.directory(who.actor(), from)).await?.into()))
    }

    /// Brings back leaves that a restored directory lost.
    #[oai(path = "/directory/reoffers", method = "post", tag = "Needs::SignRestore")]
    async fn reoffer_leaves(
        &self,
        app: Data<&App>,
        who: SignedIn,
        body: Body<LeavesReofferedView>,
    ) -> Result<Json<RetakenView>, Problem> {
        let leaves: Vec<_> = body.value.leaves.into_iter().map(|leaf| (leaf.tag.0, leaf.hash.0)).collect();
        Ok(Json(blocking(&app, move |app| app.reoffer_leaves(who.actor(), &leaves)).await?.into()))
    }

    /// The anchor now, or at an earlier size of the audit log.
    #[oai(path = "/anchor", method = "get", tag = "Needs::OwnAccount")]
    async fn anchor(
        &self,
        app: Data<&App>,
        who: SignedIn,
        /// The size of the audit log.
        size: Query<Option<u64>>,
    ) -> Result<Json<AnchorView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.anchor(who.actor(), size.0)).await?.into()))
    }

    /// Accepts a restored server, once.
    #[oai(path = "/restore-statements", method = "post", tag = "Needs::SignRestore")]
    async fn sign_restore(
        &self,
        app: Data<&App>,
        who: SignedIn,
        body: Body<RestoreSignedView>,
    ) -> Result<Done, Problem> {
        blocking(&app, move |app| app.sign_restore(who.actor(), &body.value.statement)).await?;
        Ok(Done::Done)
    }
}
