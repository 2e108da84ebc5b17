//! All posts that match a filter, one after the other, for work that must miss none.

use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::{PostStatus, PostSummary};
use crate::store::posts::PostFilter;

/// How many are listed at once.
const FIRST: PageParams = PageParams { limit: 100, cursor: None };

/// Posts in the order of their last change. A post that somebody writes to meanwhile moves to the end of the
/// list, and is still reached.
pub(super) struct EveryPost {
    /// What is left to list; the last is listed next.
    filters: Vec<PostFilter>,
    page: PageParams,
    found: std::vec::IntoIter<PostSummary>,
}

impl EveryPost {
    /// The posts that are not in the trash.
    pub(super) fn active(filter: PostFilter) -> Self {
        let active = PostFilter { oldest_first: true, ..filter };
        Self { filters: vec![active], page: FIRST, found: Vec::new().into_iter() }
    }

    /// Those in the trash as well, which may be restored.
    pub(super) fn with_trash(filter: PostFilter) -> Self {
        let mut all = Self::active(filter);
        let trashed = PostFilter { status: Some(PostStatus::Trashed), ..all.filters[0].clone() };
        all.filters.insert(0, trashed);
        all
    }

    /// The next one.
    pub(super) async fn next(&mut self, cx: &Context) -> Result<Option<PostSummary>, Problem> {
        loop {
            if let Some(post) = self.found.next() {
                return Ok(Some(post));
            }
            let Some(filter) = self.filters.last() else { return Ok(None) };
            let posts = cx.store.posts().list(filter, &self.page).await?;
            if posts.next_cursor.is_none() {
                self.filters.pop();
            }
            self.page.cursor = posts.next_cursor;
            self.found = posts.items.into_iter();
        }
    }
}
