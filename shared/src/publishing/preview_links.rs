//! Links that show a post to somebody without an account: as it is in one revision, or in its latest.
//!
//! The token of a link names the post and the link and carries 256 random bits: 64 bytes in base64url.
//! The database holds its SHA-256 alone, beside the post.

use std::collections::HashMap;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use ulid::Ulid;

use super::shown::Shown;
use super::{authorization, page, tags};
use crate::auth::Actor;
use crate::auth::form_seed::{self, FormSeed};
use crate::context::Context;
use crate::crypto::{digest, random};
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    By, Name, PostId, PostSummary, PreviewLink, PreviewLinkId, PublicPost, RevisionId, Secret,
    Time, UserId,
};
use crate::store::posts::PostItem;
use crate::store::preview_links::PreviewLinkItem;

/// How long a link works unless its maker says otherwise, in hours: a week.
pub const DEFAULT_PREVIEW_HOURS: u16 = 7 * 24;

/// The longest life of a link, in hours: 30 days.
pub const MAX_PREVIEW_HOURS: u16 = 30 * 24;

/// A link to make.
#[derive(Clone, Debug)]
pub struct NewPreviewLink {
    /// The id.
    pub id: PreviewLinkId,
    /// The revision that it shows; `None` for the latest at each visit.
    pub revision_id: Option<RevisionId>,
    /// For how many hours: 1 to [`MAX_PREVIEW_HOURS`].
    pub hours: u16,
}

impl NewPreviewLink {
    /// Whether a link is what this asks for.
    fn is_for(&self, link: &PreviewLink) -> bool {
        let lives = link.created_at.plus_seconds(i64::from(self.hours) * 3600);
        self.revision_id == link.revision_id && lives == link.expires_at
    }
}

/// What a link shows.
#[derive(Clone, Debug)]
pub struct SharedPreview {
    /// The post as readers would get it, if it were published now.
    pub post: PublicPost,
    /// When the link expires.
    pub expires_at: Time,
    /// Whether readers see exactly this revision already.
    pub is_live: bool,
}

/// Makes a link, and returns its token, which is not stored. With the `seed` of a form, a form that is sent twice
/// within minutes gets the same link twice.
///
/// # Errors
/// 404; 409 for a post in the trash, or if there is a link with the id that is not shown again. 422 for a
/// revision that the post does not have.
pub async fn create_preview_link(
    cx: &Context,
    actor: &Actor,
    post: &PostId,
    seed: Option<&FormSeed>,
    new: NewPreviewLink,
) -> Result<(Secret, PreviewLink), Problem> {
    authorization::find_active(cx, actor, post).await?;
    if let Some(revision) = &new.revision_id {
        authorization::find_revision(cx, post, revision).await?;
    }
    let now = cx.clock.now();
    let secret = seed.map_or_else(random::bytes, |seed| seed.bytes("preview link", 0));
    let (token, digest) = make(post, &new.id, &secret);
    let expires_at = now.plus_seconds(i64::from(new.hours) * 3600);
    let by = actor.by();
    let link = PreviewLink {
        id: new.id.clone(),
        post_id: post.clone(),
        revision_id: new.revision_id.clone(),
        created_by: By { user_name: None, api_key_name: None, ..by.clone() },
        created_at: now,
        expires_at,
    };
    // What has expired is not made again by its form either.
    let kept = seed.map_or(expires_at, |_| form_seed::until(now).max(expires_at));
    let item = PreviewLinkItem { link, digest, ttl: kept.as_seconds() };
    let entry = AuditEntry::new(cx, Event::PreviewLinkMade).by_actor(actor).about(post);
    let entry = entry.with(format!("{} until {expires_at}", item.link.id));
    if cx.store.preview_links().create(&item, &actor.caller.right(), &entry).await? {
        return Ok((token, PreviewLink { created_by: by, ..item.link }));
    }
    if seed.is_some() {
        let (_, made) = cx.store.preview_links().get_with_post(post, &new.id).await?;
        let made = made.filter(|made| {
            made.digest == item.digest
                && new.is_for(&made.link)
                && form_seed::is_shown_again(cx, made.link.created_at)
        });
        if let Some(made) = made {
            return Ok((token, PreviewLink { created_by: by, ..made.link }));
        }
    }
    let detail = "This link was made already, and it was shown once. If you did not copy it, revoke it \
                  and make another one.";
    Err(Problem::new(Code::EditConflict, detail))
}

/// The page that shows what the link with this token shows.
#[must_use]
pub fn preview_page(public_url: &str, token: &Secret) -> String {
    format!("{public_url}/preview/{}", token.expose())
}

/// The links of a post that have not expired, newest first. A page can be shorter than its limit.
///
/// # Errors
/// 404; 422 for a cursor of another list.
pub async fn preview_links(
    cx: &Context,
    actor: &Actor,
    post: &PostId,
    page: &PageParams,
) -> Result<Page<PreviewLink>, Problem> {
    Ok(preview_links_of_post(cx, actor, post, page).await?.1)
}

/// As [`preview_links()`], with the post.
///
/// # Errors
/// As [`preview_links()`].
pub async fn preview_links_of_post(
    cx: &Context,
    actor: &Actor,
    post: &PostId,
    page: &PageParams,
) -> Result<(PostSummary, Page<PreviewLink>), Problem> {
    let head = authorization::find(cx, actor, post).await?;
    let mut links = cx.store.preview_links().list(post, page).await?;
    let now = cx.clock.now();
    links.items.retain(|link| link.expires_at > now);
    let mut makers: Vec<UserId> =
        links.items.iter().map(|link| link.created_by.user_id.clone()).collect();
    makers.sort();
    makers.dedup();
    let names: HashMap<UserId, Name> = match makers.is_empty() {
        true => HashMap::new(),
        false => cx.store.users().names(&makers).await?,
    };
    let links = links.map(|mut link| {
        link.created_by.user_name = names.get(&link.created_by.user_id).cloned();
        link
    });
    Ok((head.summary, links))
}

/// Revokes a link at once.
///
/// # Errors
/// 404 for the post, or if it has no such link that works.
pub async fn revoke_preview_link(
    cx: &Context,
    actor: &Actor,
    post: &PostId,
    link: &PreviewLinkId,
) -> Result<(), Problem> {
    authorization::find(cx, actor, post).await?;
    let entry = AuditEntry::new(cx, Event::PreviewLinkRevoked).by_actor(actor).about(post);
    let entry = entry.with(link.to_string());
    let now = cx.clock.now();
    let times = (now, form_seed::until(now));
    let right = actor.caller.right();
    match cx.store.preview_links().revoke((post, link), times, &right, &entry).await? {
        true => Ok(()),
        false => Err(Problem::not_found("preview link")),
    }
}

/// What the link with this token shows.
///
/// # Errors
/// One 404 for a token that is unknown, revoked or expired, and for a post in the trash or deleted; 422 on
/// `token` for a text that cannot be shown.
pub async fn shared_preview(cx: &Context, token: &Secret) -> Result<SharedPreview, Problem> {
    let missing = || Problem::not_found("preview");
    let token = token.expose();
    let (post, id) = read(token).ok_or_else(missing)?;
    let (head, item) = cx.store.preview_links().get_with_post(&post, &id).await?;
    let (now, digest) = (cx.clock.now(), digest::sha256(token));
    let item = item.filter(|item| {
        let is_it = verify_slices_are_equal(item.digest.as_bytes(), digest.as_bytes()).is_ok();
        is_it && item.link.expires_at > now
    });
    let head = head.filter(|head| head.summary.trashed_at.is_none());
    let (head, item) = head.zip(item).ok_or_else(missing)?;
    let revision = item.link.revision_id.as_ref().unwrap_or(&head.summary.revision_id);
    let post = shown(cx, &head, revision).await.map_err(cannot_be_shown)?;
    let post = post.ok_or_else(missing)?;
    let is_live = head.summary.live_revision_id.as_ref() == Some(revision);
    Ok(SharedPreview { post, expires_at: item.link.expires_at, is_live })
}

/// The page that readers would get, if the revision were published now.
async fn shown(
    cx: &Context,
    head: &PostItem,
    revision: &RevisionId,
) -> Result<Option<PublicPost>, Problem> {
    let Some(revision) = cx.store.revisions().get(&head.summary.id, revision).await? else {
        return Ok(None);
    };
    let tags = tags::resolve(cx, revision.summary.fields.tag_slugs()).await?;
    let html = page::html(cx, revision.body.clone()).await?;
    let shown = Shown::of(cx, &revision, tags, &html).await?;
    let (author, now) = (head.summary.author.clone(), cx.clock.now());
    let times = (head.summary.published_at.unwrap_or(now), now);
    page::build(cx, &revision, &html, &shown, author, times).map(Some)
}

/// The visitor named no revision: the fault is told about what they sent.
fn cannot_be_shown(problem: Problem) -> Problem {
    match problem.errors.first() {
        Some(error) if problem.code == Code::InvalidInput => {
            Problem::invalid_field("token", &error.code, error.message.clone())
        }
        _ => problem,
    }
}

/// The token of a link with this secret, and the digest to keep of it.
fn make(post: &PostId, id: &PreviewLinkId, secret: &[u8; 32]) -> (Secret, String) {
    let bytes =
        [post.ulid().to_bytes().as_slice(), &id.ulid().to_bytes(), secret.as_slice()].concat();
    let token = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let digest = digest::sha256(&token);
    (Secret::new(token), digest)
}

fn read(token: &str) -> Option<(PostId, PreviewLinkId)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let bytes: [u8; 64] = bytes.try_into().ok()?;
    let ulid = |bytes: &[u8]| Some(Ulid::from_bytes(bytes.try_into().ok()?));
    Some((PostId::from_ulid(ulid(&bytes[..16])?), PreviewLinkId::from_ulid(ulid(&bytes[16..32])?)))
}
