//! The choice of a picture: the newest ones of the library, the present one, or none.

use byline_shared::Context;
use byline_shared::http::page::PageParams;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::media;
use byline_shared::model::{Media, MediaId, MediaKind, MediaStatus};
use maud::{Markup, html};

use crate::visit::Visit;

/// How many pictures are offered.
const OFFERED: u8 = 12;

/// The pictures to choose from.
pub(crate) struct Pictures {
    shown: Vec<Media>,
    /// Whether the library has more.
    has_more: bool,
}

/// The newest pictures, with the one that is chosen, if the visitor may see it.
///
/// # Errors
/// 503 while the database does not answer.
pub(crate) async fn choices(
    cx: &Context,
    visit: &Visit,
    chosen: &str,
) -> Result<Pictures, Problem> {
    Pictures::newest(cx, visit).await?.with(cx, visit, chosen).await
}

impl Pictures {
    /// The newest ones.
    ///
    /// # Errors
    /// 503 while the database does not answer.
    pub(crate) async fn newest(cx: &Context, visit: &Visit) -> Result<Self, Problem> {
        let page = PageParams { limit: OFFERED, cursor: None };
        let found = media::list(cx, &visit.caller, Some(MediaKind::Image), &page).await?;
        let is_ready = |picture: &Media| picture.status == MediaStatus::Ready;
        let shown = found.items.into_iter().filter(is_ready).collect();
        Ok(Self { shown, has_more: found.next_cursor.is_some() })
    }

    /// The same with the one that is chosen, if the visitor may see it.
    ///
    /// # Errors
    /// 503 while the database does not answer.
    pub(crate) async fn with(
        mut self,
        cx: &Context,
        visit: &Visit,
        chosen: &str,
    ) -> Result<Self, Problem> {
        if let Ok(id) = chosen.parse::<MediaId>()
            && self.find(chosen).is_none()
        {
            match media::get(cx, &visit.caller, &id).await {
                Ok(picture) => self.shown.insert(0, picture),
                // Somebody else's picture, or one that is gone.
                Err(problem) if problem.code == Code::NotFound => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(self)
    }

    /// One of them.
    pub(crate) fn find(&self, id: &str) -> Option<&Media> {
        self.shown.iter().find(|picture| picture.id.as_str() == id)
    }

    /// The pictures as the choices of a field; `none` says that there is to be no picture.
    pub(crate) fn tiles(&self, field: &str, chosen: &str, none: &str) -> Markup {
        let is_hidden = !chosen.is_empty() && self.find(chosen).is_none();
        html! {
            ul.tiles {
                li {
                    label.tick for={ (field) "-none" } {
                        input #{ (field) "-none" } type="radio" name=(field) value="" checked[chosen.is_empty()];
                        span { (none) }
                    }
                }
                @if is_hidden {
                    li {
                        label.tick for={ (field) "-kept" } {
                            input #{ (field) "-kept" } type="radio" name=(field) value=(chosen) checked;
                            span { "The present one, which is another person's picture" }
                        }
                    }
                }
                @for picture in &self.shown { li { (tile(picture, field, chosen)) } }
            }
            p.hint {
                @if self.shown.is_empty() {
                    a href="/desk/media" { "Upload a picture" } " first to choose it here."
                } @else {
                    a href="/desk/media" { "Upload another picture" } " to choose it here."
                }
            }
            @if self.has_more {
                p.hint { "These are the newest pictures. To use an older one, open it in the library first." }
            }
        }
    }
}

fn tile(picture: &Media, field: &str, chosen: &str) -> Markup {
    let id = format!("{field}-{}", picture.id);
    let url = picture.url.as_deref().unwrap_or_default();
    html! {
        label for=(id) {
            img src=(url) alt=(picture.alt) loading="lazy" width=[picture.width] height=[picture.height];
        }
        label.tick for=(id) {
            input #(id) type="radio" name=(field) value=(picture.id)
                checked[picture.id.as_str() == chosen];
            span { (picture.filename) }
        }
    }
}
