//! What the path of a page names. It is read in the call that reads the session, so that a page needs one call
//! less.

use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::types::KeysAndAttributes;

use super::keys::{self, Key};
use super::posts::PostItem;
use super::proposals::WithText;
use super::sessions::{SessionItem, Sessions};
use super::users::UserItem;
use super::{Item, StoreError, read, take};
use crate::model::{PostId, ProposalId, SessionId, Settings, UserId};

/// What the first parameter of a path can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedKind {
    /// The id of a post.
    Post,
    /// The id of a proposal.
    Proposal,
}

/// Something that a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// The head of a post.
    Post(PostId),
    /// A proposal with its text.
    Proposal(ProposalId),
}

impl Named {
    /// What a path names with this value. `None` if it is no such id.
    #[must_use]
    pub fn of(kind: NamedKind, value: &str) -> Option<Self> {
        match kind {
            NamedKind::Post => value.parse().ok().map(Self::Post),
            NamedKind::Proposal => value.parse().ok().map(Self::Proposal),
        }
    }

    /// Where it is, in `content`.
    pub(super) fn keys(&self) -> Vec<Key> {
        match self {
            Self::Post(id) => vec![keys::post(id)],
            Self::Proposal(id) => vec![keys::proposal(id), keys::proposed(id)],
        }
    }
}

/// The items of something that a path names, which may be none.
#[derive(Debug)]
pub struct Found {
    pub(super) named: Named,
    pub(super) items: Vec<Item>,
}

/// What a page begins with.
pub struct ForPage {
    /// The session and its account.
    pub signed_in: Option<(SessionItem, UserItem)>,
    /// The settings. `None` also where they could not be read.
    pub settings: Option<Settings>,
    /// What the path names. `None` also where it could not be read.
    pub found: Option<Found>,
}

impl Sessions<'_> {
    /// A session and its account, with the publication's settings and what the path of the page names, in one call.
    pub async fn get_for_page(
        self,
        user: &UserId,
        session: &SessionId,
        named: Option<Named>,
    ) -> Result<ForPage, StoreError> {
        let settings = keys::settings();
        let wanted = KeysAndAttributes::builder().keys(settings.attributes());
        // Settings may be slightly out of date, at half the price; what the path names may not.
        let wanted = wanted.consistent_read(named.is_some());
        let keys = named.iter().flat_map(Named::keys);
        let wanted = keys.fold(wanted, |wanted, key| wanted.keys(key.attributes()));
        let wanted = wanted.build().expect("the keys are given");
        let session = keys::session(user, session);
        let (signed_in, items) = self.0.credential(user, session, Some(wanted)).await?;
        let Some(mut items) = items else {
            return Ok(ForPage { signed_in, settings: None, found: None });
        };
        let settings = read(take(&mut items, &settings))?;
        let found = named.map(|named| Found { named, items });
        Ok(ForPage { signed_in, settings, found })
    }
}

/// What was read with the session of a request. It is taken once: later it is read again, as it is then. Until it is
/// taken, nothing of it is decoded.
#[derive(Debug, Default)]
pub struct ReadAhead(Mutex<Option<Found>>);

impl ReadAhead {
    /// Keeps it, for a caller who may see the page.
    pub fn keep(&self, found: Found) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    }

    /// The head of a post. `None` if it is to be read.
    pub fn post(&self, id: &PostId) -> Option<Result<Option<PostItem>, StoreError>> {
        let mut items = self.take(&Named::Post(id.clone()))?;
        Some(read(take(&mut items, &keys::post(id))))
    }

    /// A proposal and its text. `None` if they are to be read.
    pub fn proposal(&self, id: &ProposalId) -> Option<Result<WithText, StoreError>> {
        let mut items = self.take(&Named::Proposal(id.clone()))?;
        let (proposal, text) =
            (take(&mut items, &keys::proposal(id)), take(&mut items, &keys::proposed(id)));
        Some(read(proposal).and_then(|proposal| Ok((proposal, read(text)?))))
    }

    fn take(&self, named: &Named) -> Option<Vec<Item>> {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.take_if(|found| found.named == *named).map(|found| found.items)
    }
}
