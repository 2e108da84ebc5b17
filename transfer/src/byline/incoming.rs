//! Into the tables.

use aws_lc_rs::digest::{SHA256, digest};
use byline_shared::auth::password;
use byline_shared::crypto::random;
use byline_shared::endpoint::{InputContract, typed};
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{
    Description, Email, PostId, PostStatus, Role, Slug, TagName, TextError, Time, User, UserId,
    author_of,
};
use byline_shared::publishing::{self, Import, ImportedPost, ImportedState};
use byline_shared::settings;
use byline_shared::settings::SettingsChanges;
use byline_shared::store::WriteError;
use byline_shared::store::tags::TagItem;
use byline_shared::store::users::{NotCreated, UserItem};
use ulid::Ulid;

use super::fit::{fit, name, slug_of};
use super::problems::not_taken;
use super::tables::Tables;
use crate::import::{NewMedia, NotTaken, Outcome, PostKey, StoredMedia, StoredPost, Target};
use crate::model::{Author, Post, Site, Status, Tag};

/// How many slugs are tried for an author.
const SLUG_ATTEMPTS: u32 = 4;

impl Target for Tables {
    async fn site(&self, site: &Site) -> Result<Outcome<()>, NotTaken> {
        let known = self
            .cx
            .store
            .settings()
            .get_consistent()
            .await
            .map_err(|error| not_taken(error.into()))?;
        if known.is_some() {
            return Ok(Outcome::Found(()));
        }
        let settings = settings(site).map_err(not_taken)?;
        let changed = settings::change(&self.cx, &self.actor, None, settings).await;
        changed.map(|_| Outcome::New(())).map_err(not_taken)
    }

    async fn author(&self, author: &Author) -> Result<Outcome<String>, NotTaken> {
        let made = self.account(author).await.map_err(not_taken)?;
        Ok(match made {
            Outcome::New(id) => Outcome::New(id.to_string()),
            Outcome::Found(id) => Outcome::Found(id.to_string()),
        })
    }

    async fn tag(&self, tag: &Tag) -> Result<Outcome<()>, NotTaken> {
        let slug = slug_of(&tag.slug);
        let slug = slug.ok_or_else(|| NotTaken::Refused("it has no usable name.".into()))?;
        let refused = |error: TextError| NotTaken::Refused(error.to_string());
        let name = tag.name.parse::<TagName>().map_err(refused)?;
        let description = tag.description.as_deref();
        let description = description.map(|text| text.chars().take(1000).collect::<String>());
        let mut item = TagItem::new(slug, name, self.cx.clock.now());
        item.description = description.map(Description::try_from).transpose().map_err(refused)?;
        let is_new = publishing::import_tag(&self.cx, &item).await.map_err(not_taken)?;
        Ok(if is_new { Outcome::New(()) } else { Outcome::Found(()) })
    }

    async fn media(&self, media: NewMedia<'_>) -> Result<Outcome<StoredMedia>, NotTaken> {
        self.store_media(media).await.map_err(not_taken)
    }

    async fn post(
        &self,
        key: PostKey<'_>,
        post: &Post,
        author: Option<&str>,
        cover: Option<&str>,
    ) -> Result<Outcome<StoredPost>, NotTaken> {
        let fitted = fit(post, cover).map_err(not_taken)?;
        let (fields, mut notes) = (fitted.fields, fitted.notes);
        let author = author.and_then(|id| id.parse::<UserId>().ok());
        let author = match author {
            Some(id) => self.user(&id).await.map_err(not_taken)?,
            None => None,
        };
        let author = author.unwrap_or_else(|| self.actor.caller.user.clone());
        let known = [post.created_at, post.published_at, post.updated_at];
        let first = known.into_iter().flatten().min();
        let created_at = post.created_at.or(first).unwrap_or_else(|| self.cx.clock.now());
        let wanted = fields.slug.clone();
        let mut new_tags = Vec::new();
        for tag in &fields.tags {
            let known = self.cx.store.tags().get(&tag.slug).await;
            if known.map_err(|error| not_taken(error.into()))?.is_none() {
                new_tags.push(tag.slug.to_string());
            }
        }
        let imported = ImportedPost {
            id: post_id(key, first),
            author: author_of(&author),
            fields,
            body: fitted.body,
            created_at,
            updated_at: post.updated_at.or(post.published_at).unwrap_or(created_at),
            published_at: post.published_at,
            state: match post.status {
                Status::Draft => ImportedState::Draft,
                Status::Published => ImportedState::Published,
                Status::Scheduled(at) => ImportedState::Scheduled(at),
                Status::Trashed => ImportedState::Trashed,
            },
        };
        let made = publishing::import(&self.cx, &self.actor, imported).await;
        match made.map_err(not_taken)? {
            Import::Found(id) => {
                let (notes, new_tags) = (Vec::new(), Vec::new());
                Ok(Outcome::Found(StoredPost { id: id.to_string(), notes, new_tags }))
            }
            Import::New(made) => {
                if matches!(post.status, Status::Scheduled(_))
                    && made.summary.status == PostStatus::Draft
                {
                    notes.push(
                        "Its time is past, or more than a hundred years away; it is a draft here."
                            .to_owned(),
                    );
                }
                let slug = &made.summary.fields.slug;
                if *slug != wanted {
                    notes.push(format!("Another post has the slug {wanted}; it has {slug}."));
                }
                // A name that a tag has leads there, whatever slug it came with.
                let carries = |slug: &String| {
                    made.summary.fields.tag_slugs().any(|carried| carried.as_str() == *slug)
                };
                new_tags.retain(carries);
                let id = made.summary.id.to_string();
                Ok(Outcome::New(StoredPost { id, notes, new_tags }))
            }
        }
    }

    async fn mend(
        &self,
        id: &str,
        post: &Post,
        cover: Option<&str>,
    ) -> Result<Outcome<()>, NotTaken> {
        self.mend_post(id, post, cover).await
    }

    async fn old_slug(&self, slug: &str, post: &str) -> Result<Outcome<()>, NotTaken> {
        self.lead_slug(slug, post).await.map_err(not_taken)
    }

    async fn old_tag(&self, slug: &str, to: &str) -> Result<Outcome<()>, NotTaken> {
        self.lead_tag(slug, to).await.map_err(not_taken)
    }

    async fn redirect(&self, from: &str, to: &str) -> Result<Outcome<()>, NotTaken> {
        self.lead(from, to).await.map_err(not_taken)
    }
}

impl Tables {
    /// The account of an author: theirs by its address, or by the name of their page where
    /// the source knows no address. Else one is made, which nobody can use until an admin enables
    /// it and its owner asks for a new password.
    async fn account(&self, author: &Author) -> Result<Outcome<UserId>, Problem> {
        let store = &self.cx.store;
        let slug = author.slug.as_deref().and_then(slug_of);
        let slug = slug.or_else(|| Slug::from_text(&author.name));
        let slug = slug.unwrap_or_else(|| Slug::trusted("author"));
        let email = author.email.as_deref().and_then(|email| email.parse::<Email>().ok());
        match &email {
            Some(email) => {
                if let Some(id) = store.users().find_id_by_email(email).await? {
                    return Ok(Outcome::Found(id));
                }
            }
            None => {
                if let Some(id) = store.users().find_id_by_author_slug(&slug).await? {
                    return Ok(Outcome::Found(id));
                }
            }
        }
        let now = self.cx.clock.now();
        // A name that no mail goes to (RFC 2606).
        let nowhere = || Email::trusted(format!("{slug}@authors.invalid"));
        let mut account = UserItem {
            user: User {
                id: UserId::new(now),
                email: email.unwrap_or_else(nowhere),
                name: name(&author.name, &slug),
                slug: slug.clone(),
                role: Role::Author,
                created_at: now,
                disabled: true,
                two_factor: false,
                notifications: None,
                profile: None,
            },
            password_hash: password::NOBODY.to_owned(),
            token_version: 0,
            demotions: 0,
            totp: None,
            totp_off_at: None,
            passkeys: Vec::new(),
            email_change: None,
            former_emails: Vec::new(),
        };
        for attempt in 2..=SLUG_ATTEMPTS + 1 {
            let entry =
                AuditEntry::new(&self.cx, Event::EmailVerified).by_caller(&self.actor.caller);
            let entry = entry.about(&account.user.id).with("imported, disabled");
            match store.users().create(&account, None, &entry).await {
                Ok(()) => return Ok(Outcome::New(account.user.id)),
                Err(WriteError::Conflict(NotCreated::SlugTaken)) if attempt < SLUG_ATTEMPTS => {
                    account.user.slug = slug.with_suffix(&attempt.to_string());
                }
                Err(WriteError::Conflict(NotCreated::SlugTaken)) => {
                    account.user.slug = slug.with_suffix(&random::letters(5));
                }
                Err(WriteError::Conflict(NotCreated::EmailTaken)) => {
                    let found = store.users().find_id_by_email(&account.user.email).await?;
                    return found.map(Outcome::Found).ok_or_else(|| Problem::not_found("account"));
                }
                Err(WriteError::Store(error)) => return Err(error.into()),
                Err(WriteError::Conflict(reason)) => {
                    return Err(Problem::internal(format!("no account: {reason:?}")));
                }
            }
        }
        Err(Problem::new(Code::SlugTaken, format!("Too many authors have the slug {slug}.")))
    }
}

/// A site's settings, without what does not fit.
fn settings(site: &Site) -> Result<SettingsChanges, Problem> {
    let mut fields = serde_json::to_value(site).map_err(Problem::internal)?;
    if let Some(fields) = fields.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    let contract = InputContract::from_body::<SettingsChanges>();
    if let Err(problem) = contract.validate(fields.clone())
        && let Some(fields) = fields.as_object_mut()
    {
        for error in &problem.errors {
            fields.shift_remove(error.pointer.trim_start_matches('/'));
        }
    }
    typed(contract.validate(fields)?)
}

/// The id of a post: its own where it comes from a Byline, else one that follows from where it comes
/// from, so that it is found when it comes again.
fn post_id(key: PostKey<'_>, at: Option<Time>) -> PostId {
    if let Ok(id) = key.id.parse::<PostId>()
        && key.source == "byline"
    {
        return id;
    }
    PostId::from_ulid(made(&format!("post {}#{}", key.source, key.id), at))
}

/// A ULID of a time and a name.
pub(super) fn made(name: &str, at: Option<Time>) -> Ulid {
    let hash = digest(&SHA256, name.as_bytes());
    let random =
        hash.as_ref().iter().take(16).fold(0, |all: u128, byte| all << 8 | u128::from(*byte));
    let millis = at.map_or(0, |at| at.as_millis().max(0).unsigned_abs());
    Ulid::from_parts(millis, random)
}
