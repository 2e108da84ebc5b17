//! Everything that readers see: posts, tags, authors, feeds, sitemaps and redirects; and posts that somebody
//! shows them by a preview link.
//!
//! Each endpoint is a module of its own; [`OPERATIONS`] lists them. Begin with [`posts_read`]. None
//! of them has a permission on accounts.

mod absolute;
pub mod authors_list;
pub mod authors_read;
mod feed;
pub mod feed_atom;
pub mod feed_json;
mod include_parameter;
pub mod included;
mod json_ld;
pub mod llms_txt;
mod markdown;
pub mod post_markdown;
pub mod posts_list;
pub mod posts_read;
pub mod previews_read;
pub mod readable;
pub mod redirects_read;
pub mod site_read;
pub mod sitemap;
pub mod sitemap_part;
pub mod sparse;
pub mod tags_list;
pub mod tags_read;
mod text;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 15] = [
    posts_list::OPERATION,
    posts_read::OPERATION,
    previews_read::OPERATION,
    tags_list::OPERATION,
    tags_read::OPERATION,
    authors_list::OPERATION,
    authors_read::OPERATION,
    site_read::OPERATION,
    redirects_read::OPERATION,
    feed_atom::OPERATION,
    feed_json::OPERATION,
    sitemap::OPERATION,
    sitemap_part::OPERATION,
    llms_txt::OPERATION,
    post_markdown::OPERATION,
];
