//! Which post had which address.

use std::collections::HashMap;

use byline_shared::model::old_path;

use crate::model::{Post, Status};

/// The old addresses so far, with the posts that had them.
#[derive(Default)]
pub(super) struct Claimed(HashMap<String, String>);

impl Claimed {
    /// Notes that a post had an address; answers the other post that had it before.
    pub(super) fn of(&mut self, path: &str, post: &Post) -> Option<String> {
        let known = self.0.entry(old_path::normal(path)).or_insert_with(|| post.source_id.clone());
        (*known != post.source_id).then(|| known.clone())
    }
}

/// What is said of an address that another post had.
pub(super) fn claimed_by(path: &str, other: &str) -> String {
    format!("its old URL {path} is that of {other}, too, and leads there.")
}

/// Whether no old address of a post is known that readers had. Byline's own posts keep theirs.
pub(super) fn lacks_address(post: &Post, key: &str) -> bool {
    post.status == Status::Published && post.old_paths.is_empty() && key != "byline"
}
