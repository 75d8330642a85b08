//! Which system roles a person may hold together, as the document tells it.

use std::borrow::Cow;

use fengsui_domain::limits::MAX_ITEMS;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::api::SystemRole;

/// The roles of a person: administrator alone, auditor alone, or any of the others together.
///
/// A schema only; `fengsui_domain::account::AccountWords::check` keeps the rule.
#[derive(Clone, Copy, Debug)]
pub struct Roles;

/// Roles that one person may hold with each other and with no further one.
fn together(roles: impl IntoIterator<Item = SystemRole>) -> ArrayBuilder {
    let names = roles.into_iter().map(SystemRole::as_str);
    let role = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
    ArrayBuilder::new().items(role).min_items(Some(1)).max_items(Some(MAX_ITEMS))
}

impl PartialSchema for Roles {
    fn schema() -> RefOr<Schema> {
        use SystemRole::{Administrator, Auditor};
        let others = SystemRole::ALL.iter().copied().filter(|role| !matches!(role, Administrator | Auditor));
        OneOfBuilder::new()
            .item(together([Administrator]))
            .item(together([Auditor]))
            .item(together(others))
            .description(Some("Administrator alone, auditor alone, or any of the other roles together."))
            .into()
    }
}

impl ToSchema for Roles {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Roles")
    }
}
