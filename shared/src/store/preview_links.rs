//! Preview links, in `content`: beside the post that they show, so that they end with it. The secret of a
//! link is not stored; its SHA-256 is.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::posts::PostItem;
use super::rights::{Held, Right};
use super::{List, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{PostId, PreviewLink, PreviewLinkId, Time};
use crate::permission::Table::Content;

/// A stored link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreviewLinkItem {
    /// What the API shows of it. `created_by` has no names: they are looked up, so that a deleted account
    /// leaves none here.
    #[serde(flatten)]
    pub link: PreviewLink,
    /// The SHA-256 of the token, in base64url; empty if the link was revoked.
    pub digest: String,
    /// The item's TTL, in seconds since 1970: `expires_at`, or later if the form that made the link could be
    /// sent after that.
    pub ttl: i64,
}

/// Preview links.
#[derive(Clone, Copy, Debug)]
pub struct PreviewLinks<'a>(pub(super) &'a Store);

impl PreviewLinks<'_> {
    /// Creates a link. Returns `false` if there is one with its id.
    pub async fn create(self, item: &PreviewLinkItem, right: &Right, entry: &AuditEntry) -> Held {
        let key = keys::preview_link(&item.link.post_id, &item.link.id);
        let writes =
            vec![Write::put_new(self.0, Content, &key, item)?, self.0.audit_log().write(entry)?];
        self.0.commit_by(right, writes).await
    }

    /// A link and its post, in one consistent read.
    pub async fn get_with_post(
        self,
        post: &PostId,
        link: &PreviewLinkId,
    ) -> Result<(Option<PostItem>, Option<PreviewLinkItem>), StoreError> {
        self.0.get_both(Content, [keys::post(post), keys::preview_link(post, link)]).await
    }

    /// The links of a post, newest first, with those that were revoked or have expired.
    pub async fn list(
        self,
        post: &PostId,
        params: &PageParams,
    ) -> Result<Page<PreviewLink>, StoreError> {
        let list = List::from_table(Content, keys::of_post(post)).up_to_date();
        self.0.page(&list.beginning_with(keys::PREVIEW_LINK_PREFIX), params).await
    }

    /// Revokes a link: it has expired, and fits no token. The item stays until `until`, when no form that
    /// made the link can be sent again. Returns `false` if there is no link that works.
    pub async fn revoke(
        self,
        (post, link): (&PostId, &PreviewLinkId),
        (now, until): (Time, Time),
        right: &Right,
        entry: &AuditEntry,
    ) -> Held {
        let change = Change::new()
            .set("expires_at", &now)?
            .set("digest", &"")?
            .set("ttl", &until.as_seconds())?
            .only_where("#expires_at > :now")
            .with(":now", &now)?;
        let revoke = change.write(self.0, Content, &keys::preview_link(post, link));
        self.0.commit_by(right, vec![revoke, self.0.audit_log().write(entry)?]).await
    }
}
