//! Reads a paged list of the store to its end.

use byline_shared::http::page::{Page, PageParams};
use byline_shared::http::problem::Problem;
use byline_shared::store::StoreError;

/// The items of all pages. `page` reads one page.
pub(super) async fn all<T>(
    page: impl AsyncFn(&PageParams) -> Result<Page<T>, StoreError>,
) -> Result<Vec<T>, Problem> {
    let mut found = Vec::new();
    let mut params = PageParams { limit: 100, cursor: None };
    loop {
        let next = page(&params).await?;
        found.extend(next.items);
        match next.next_cursor {
            None => return Ok(found),
            cursor => params.cursor = cursor,
        }
    }
}
