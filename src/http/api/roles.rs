//! Roles and security policies.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::{Done, Needs};
use crate::app::App;
use crate::domain::id::RoleId;
use crate::http::Problem;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::session::SignedIn;
use crate::http::view::roles::{PolicyView, RoleEditView, RoleMadeView, RoleView, RolesView};
use crate::http::view::text::Text;

/// Roles and policies.
pub struct RolesApi;

#[OpenApi]
impl RolesApi {
    /// All roles: those that every practice has, and its own.
    #[oai(path = "/roles", method = "get", tag = "Needs::SeePeople")]
    async fn list(&self, app: Data<&App>, who: SignedIn) -> Result<Json<RolesView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.roles(who.actor())).await?.into()))
    }

    /// Makes a role.
    #[oai(path = "/roles", method = "post", tag = "Needs::ManageRoles")]
    async fn add(&self, app: Data<&App>, who: SignedIn, body: Body<RoleMadeView>) -> Result<Json<RoleView>, Problem> {
        let (name, rights) = body.value.parts()?;
        Ok(Json(blocking(&app, move |app| app.add_role(who.actor(), &name, rights)).await?.into()))
    }

    /// Renames a role or changes what it may do.
    #[oai(path = "/roles/:role", method = "patch", tag = "Needs::ManageRoles")]
    async fn edit(
        &self,
        app: Data<&App>,
        who: SignedIn,
        role: Path<Text<RoleId>>,
        body: Body<RoleEditView>,
    ) -> Result<Json<RoleView>, Problem> {
        let (id, edit) = (role.0.0, body.value.edit()?);
        Ok(Json(blocking(&app, move |app| app.edit_role(who.actor(), id, &edit)).await?.into()))
    }

    /// Removes a role that nobody has.
    #[oai(path = "/roles/:role", method = "delete", tag = "Needs::ManageRoles")]
    async fn remove(&self, app: Data<&App>, who: SignedIn, role: Path<Text<RoleId>>) -> Result<Done, Problem> {
        let id = role.0.0;
        blocking(&app, move |app| app.remove_role(who.actor(), id)).await?;
        Ok(Done::Done)
    }

    /// The security policies.
    #[oai(path = "/policy", method = "get", tag = "Needs::SeePeople")]
    async fn policy(&self, app: Data<&App>, who: SignedIn) -> Result<Json<PolicyView>, Problem> {
        Ok(Json(blocking(&app, move |app| app.security_policy(who.actor())).await?.into()))
    }

    /// Sets the security policies.
    #[oai(path = "/policy", method = "put", tag = "Needs::SetPolicy")]
    async fn set_policy(&self, app: Data<&App>, who: SignedIn, body: Body<PolicyView>) -> Result<Done, Problem> {
        let policy = body.value.try_into()?;
        blocking(&app, move |app| app.set_security_policy(who.actor(), policy)).await?;
        Ok(Done::Done)
    }
}
