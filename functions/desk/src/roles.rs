//! The roles, as people choose them.

use byline_shared::http::problem::Problem;
use byline_shared::model::Role;

use crate::fields::Fields;

/// Each role, and what it may do.
pub(crate) const CHOICES: [(&str, &str); 4] = [
    ("reader", "Reader: reads, and manages their own account"),
    ("author", "Author: writes drafts and proposes them"),
    ("editor", "Editor: edits all posts, approves and publishes"),
    ("admin", "Admin: everything, with people and settings"),
];

/// The role that was chosen in a form, in the field `role`.
///
/// # Errors
/// 422 on the field.
pub(crate) fn chosen(form: &Fields) -> Result<Role, Problem> {
    let role = Role::ALL.into_iter().find(|known| known.as_str() == form.text("role"));
    role.ok_or_else(|| Problem::invalid_field("role", "invalid", "Choose a role."))
}
