//! What came before and changes or leads elsewhere now: posts that are mended, old addresses.

use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{PostId, Slug, WebUrl, old_path};
use byline_shared::publishing::{self, Reimport};
use byline_shared::settings;
use byline_shared::store::redirects::{RedirectItem, RedirectTarget};
use byline_shared::store::tags::TagItem;

use super::fit::{fit, slug_of};
use super::problems::not_taken;
use super::tables::Tables;
use crate::import::{NotTaken, Outcome};
use crate::model::Post;

impl Tables {
    /// Gives a post the files that were missing when it came.
    pub(super) async fn mend_post(
        &self,
        id: &str,
        post: &Post,
        cover: Option<&str>,
    ) -> Result<Outcome<()>, NotTaken> {
        let fitted = fit(post, cover).map_err(not_taken)?;
        let id = id.parse::<PostId>();
        let id = id.map_err(|_| NotTaken::Refused("it has no usable id.".into()))?;
        let cover = fitted.fields.cover.as_ref();
        let mended =
            publishing::update_imported(&self.cx, &self.actor, &id, cover, &fitted.body).await;
        match mended.map_err(not_taken)? {
            Reimport::Updated => Ok(Outcome::New(())),
            Reimport::Unchanged => Ok(Outcome::Found(())),
            Reimport::ChangedHere => Err(NotTaken::Refused(
                "files of it are there by now, but it was changed here and stays as it is.".into(),
            )),
        }
    }

    /// Keeps a redirect, unless its path leads elsewhere already.
    pub(super) async fn lead(&self, from: &str, to: &str) -> Result<Outcome<()>, Problem> {
        let from = old_path::normal(from);
        if !from.starts_with('/') || from.len() > RedirectItem::MAX_PATH {
            let message = "Must be a path of at most 1024 characters.";
            return Err(Problem::invalid_field("path", "invalid", message));
        }
        let to = match to.parse::<PostId>() {
            Ok(id) => RedirectTarget::Post(id),
            Err(_) if to.starts_with('/') => {
                let site = settings::current(&self.cx).await?.url;
                let url = format!("{}{to}", site.as_str().trim_end_matches('/'));
                RedirectTarget::Url(web_url(&url)?)
            }
            Err(_) => RedirectTarget::Url(web_url(to)?),
        };
        let redirect = RedirectItem { path: from.clone(), to };
        match self.cx.store.redirects().get(&from).await? {
            Some(known) if known.to == redirect.to => Ok(Outcome::Found(())),
            Some(_) => Err(Problem::new(
                Code::EditConflict,
                "The path leads elsewhere already; that stays.",
            )),
            None => {
                self.cx.store.redirects().put(&redirect).await?;
                Ok(Outcome::New(()))
            }
        }
    }

    /// Makes a slug that a post had lead to the one it has.
    pub(super) async fn lead_slug(&self, slug: &str, post: &str) -> Result<Outcome<()>, Problem> {
        let old = old(slug)?;
        let post = post.parse::<PostId>().map_err(|_| Problem::not_found("post"))?;
        let head = self.cx.store.posts().get(&post).await?;
        let head = head.ok_or_else(|| Problem::not_found("post"))?;
        let to = head.live.map(|live| live.slug).or(head.last_slug);
        let to = to.unwrap_or(head.summary.fields.slug);
        if self.cx.store.slugs().create_moved(&old, &post, &to).await? {
            return Ok(Outcome::New(()));
        }
        let known = self.cx.store.slugs().list_moved().await?;
        match known.iter().any(|(slug, id)| *slug == old && *id == post) {
            true => Ok(Outcome::Found(())),
            false => Err(in_use()),
        }
    }

    /// Makes the slug of a tag that is no more lead to another tag.
    pub(super) async fn lead_tag(&self, slug: &str, to: &str) -> Result<Outcome<()>, Problem> {
        let (old, to) = (old(slug)?, old(to)?);
        let target = self.cx.store.tags().get(&to).await?;
        if target.is_none_or(|tag| !tag.is_tag()) {
            return Err(Problem::not_found("tag"));
        }
        if self.cx.store.tags().create_moved(&old, &to, self.cx.clock.now()).await? {
            return Ok(Outcome::New(()));
        }
        let known: Option<TagItem> = self.cx.store.tags().get(&old).await?;
        match known.and_then(|tag| tag.moved_to) {
            Some(known) if known == to => Ok(Outcome::Found(())),
            _ => Err(in_use()),
        }
    }
}

fn web_url(text: &str) -> Result<WebUrl, Problem> {
    text.parse().map_err(|_| {
        let message = format!("Leads to `{text}`, which is no web address.");
        Problem::invalid_field("to", "invalid", message)
    })
}

fn old(slug: &str) -> Result<Slug, Problem> {
    slug_of(slug).ok_or_else(|| Problem::invalid_field("path", "invalid", "It is no slug."))
}

fn in_use() -> Problem {
    Problem::new(Code::EditConflict, "It is in use here, and stays what it is.")
}
