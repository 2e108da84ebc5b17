//! Proposals, in `content`: one item for lists, one with the text.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::keys::{self, Key};
use super::names::{CREATED_BY, DECISION};
use super::rights::{Held, Right};
use super::transact::Condition;
use super::{List, Store, StoreError, Write, item};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{
    GoesLive, Markdown, News, NewsEvent, PostFields, PostId, ProposalId, ProposalStatus,
    ProposalSummary, UserId,
};
use crate::permission::Table::Content;

/// A stored proposal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProposalItem {
    /// The fields of the API.
    #[serde(flatten)]
    pub summary: ProposalSummary,
    /// The account of the post's author; for a new post, of the user who proposes it. Names change, and
    /// accounts are deleted, while a proposal waits.
    pub author_id: UserId,
    /// Where its slug comes from.
    pub slug_source: SlugSource,
}

/// Where the slug of a new post comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlugSource {
    /// The author chose it: if it is taken, that is a conflict.
    Given,
    /// It was made from the title: if it is taken, a similar one is used.
    Title,
}

/// The text of a proposal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProposedText {
    /// All fields but the body.
    pub fields: PostFields,
    /// The body in Markdown.
    pub body: Markdown,
}

/// A proposal and its text, as far as they are there.
pub type WithText = (Option<ProposalItem>, Option<ProposedText>);

#[derive(Serialize)]
struct Indexed<'a> {
    #[serde(flatten)]
    item: &'a ProposalItem,
    gsi1pk: String,
    gsi1sk: &'a ProposalId,
    gsi2pk: String,
    gsi2sk: &'a ProposalId,
}

fn indexed(item: &ProposalItem) -> Indexed<'_> {
    let ProposalSummary { id, post_id, status, .. } = &item.summary;
    let (gsi1pk, gsi2pk) = (keys::proposals(*status), keys::proposals_for(post_id));
    Indexed { item, gsi1pk, gsi1sk: id, gsi2pk, gsi2sk: id }
}

/// A filter for lists of proposals.
#[derive(Clone, Debug)]
pub struct ProposalFilter {
    /// Only proposals for this post.
    pub post: Option<PostId>,
    /// Only proposals with this status.
    pub status: ProposalStatus,
    /// Only proposals for posts of this author.
    pub author: Option<UserId>,
}

/// A decision on a proposal.
#[derive(Clone, Copy, Debug)]
pub struct Deciding<'a> {
    /// The proposal as it was read.
    pub before: &'a ProposalItem,
    /// Its new state.
    pub after: &'a ProposalItem,
    /// What follows from an approval.
    pub goes_live: GoesLive,
}

/// Proposed changes to posts.
#[derive(Clone, Copy, Debug)]
pub struct Proposals<'a>(pub(super) &'a Store);

impl Proposals<'_> {
    /// A proposal.
    pub async fn get(self, id: &ProposalId) -> Result<Option<ProposalItem>, StoreError> {
        self.0.get(Content, &keys::proposal(id)).await
    }

    /// These proposals, unordered. Those that are gone are left out.
    pub async fn get_many(
        self,
        ids: &BTreeSet<ProposalId>,
    ) -> Result<Vec<ProposalItem>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Key> = ids.iter().map(keys::proposal).collect();
        self.0.get_many(Content, &keys, true).await
    }

    /// A proposal and its text, in one call.
    pub async fn get_with_text(self, id: &ProposalId) -> Result<WithText, StoreError> {
        self.0.get_both(Content, [keys::proposal(id), keys::proposed(id)]).await
    }

    /// The proposals that match a filter, newest first.
    pub async fn list(
        self,
        filter: &ProposalFilter,
        params: &PageParams,
    ) -> Result<Page<ProposalSummary>, StoreError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut list = match &filter.post {
            Some(post) => List::from_gsi2(Content, keys::proposals_for(post))
                .only("status", text(filter.status.as_str())),
            None => List::from_gsi1(Content, keys::proposals(filter.status)),
        };
        if let Some(author) = &filter.author {
            list = list.only("author_id", text(author.as_str()));
        }
        self.0.page(&list, params).await
    }

    /// All proposals for a post, whatever became of them, newest first; optionally only where it is this
    /// author's.
    pub async fn list_for(
        self,
        post: &PostId,
        author: Option<&UserId>,
        params: &PageParams,
    ) -> Result<Page<ProposalSummary>, StoreError> {
        let mut list = List::from_gsi2(Content, keys::proposals_for(post));
        if let Some(author) = author {
            list = list.only("author_id", AttributeValue::S(author.as_str().to_owned()));
        }
        self.0.page(&list, params).await
    }

    /// Makes a proposal one for a post of this author: the post has got another one.
    pub async fn hand_over(self, id: &ProposalId, author: &UserId) -> Result<(), StoreError> {
        let change = Change::new().set("author_id", author)?;
        self.0.change(Content, &keys::proposal(id), change).await.map(drop)
    }

    /// Removes a user's name from a proposal that they made or decided.
    pub async fn forget(self, proposal: &ProposalSummary, user: &UserId) -> Result<(), StoreError> {
        let key = keys::proposal(&proposal.id);
        if proposal.created_by.user_id == *user {
            self.0.forget(&key, CREATED_BY, user.as_str()).await?;
        }
        if proposal.decision.as_ref().is_some_and(|decision| decision.by == *user) {
            self.0.forget(&key, DECISION, user.as_str()).await?;
        }
        Ok(())
    }

    /// Creates a proposal, and the news of it. Returns `false` if its id is in use.
    pub async fn create(
        self,
        proposal: &ProposalItem,
        text: &ProposedText,
        right: &Right,
        entry: &AuditEntry,
    ) -> Held {
        let id = &proposal.summary.id;
        let news = News::Proposal { proposal_id: id.clone(), event: NewsEvent::Made };
        let writes = vec![
            Write::put_new(self.0, Content, &keys::proposal(id), &indexed(proposal))?,
            Write::put_new(self.0, Content, &keys::proposed(id), text)?,
            self.0.audit_log().write(entry)?,
            self.0.news().write(&news)?,
        ];
        self.0.commit_by(right, writes).await
    }

    /// Decides a proposal. Returns `false` if it was already decided.
    pub async fn decide(self, decision: Deciding<'_>, right: &Right, entry: &AuditEntry) -> Held {
        let mut writes = Vec::from(self.decide_writes(decision)?);
        writes.push(self.0.audit_log().write(entry)?);
        self.0.commit_by(right, writes).await
    }

    /// The decision as parts of a transaction: its new state, and the news of it.
    pub(super) fn decide_writes(self, decision: Deciding<'_>) -> Result<[Write; 2], StoreError> {
        let Deciding { before, after, goes_live } = decision;
        let condition = Condition::new("#status = :status")
            .naming("#status", "status")
            .with(":status", AttributeValue::S(before.summary.status.as_str().to_owned()));
        let id = &after.summary.id;
        let event = NewsEvent::Decided(goes_live);
        let news = News::Proposal { proposal_id: id.clone(), event };
        let after = item(&keys::proposal(id), &indexed(after))?;
        Ok([Write::put_if(self.0, Content, after, Some(condition)), self.0.news().write(&news)?])
    }
}
