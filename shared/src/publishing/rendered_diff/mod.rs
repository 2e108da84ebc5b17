//! What readers would notice: the difference between two rendered texts, marked in the text itself.
//!
//! The HTML of both texts is sanitised, so it is a tree with every element closed. The trees are
//! compared from their roots: whole blocks first (paragraphs, headings, items, rows), and within two
//! blocks that have something in common, their words. What is marked:
//!
//! - a run of words: `<del class="removed">` and `<ins class="added">`, with whole elements or none in it;
//! - a whole block: `class="block-removed"` or `class="block-added"` on its own element, since an item or
//!   a row can stand in no other element; a `<span class="sr">` says it in words for screen readers;
//! - changed code and tables of another shape: all of the old, then all of the new;
//! - a changed link or picture: where both lead, in a `<span class="note">`.
//!
//! No sanitised element has one of these classes. So without everything removed and without the marks,
//! the HTML is exactly that of the new text, and the other way round that of the old one. The two are
//! compared as [`pages::prepared`] makes them: white space between blocks, which nobody sees, is left
//! out, headings have no `id`, and pictures of other hosts are links. An `id` stands in removed parts no more: the new text
//! has the same one.

mod changes;
mod ids;
mod items;
mod links;
mod pages;
mod partners;
mod pictures;
mod tree;
mod writer;

#[cfg(test)]
mod exact;
#[cfg(test)]
mod tests;

use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

use self::items::{Item, items, keys};
use self::partners::partners;
use self::tree::{Element, Node, parse};
use self::writer::{Side, Writer};
use super::deadline::Deadline;
use super::{findings, render};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::Markdown;
use crate::model::too_complex::{MAX_HTML, TooComplex};

pub use self::changes::Change as RenderedChange;

/// The difference between two rendered texts.
#[derive(Clone, Debug, Default)]
pub struct RenderedDiff {
    /// The HTML of the new text with what changed, safe to show on a page of ours.
    pub html: String,
    /// The changes in their order; each has the anchor [`RenderedChange::anchor`] in the HTML.
    pub changes: Vec<RenderedChange>,
    /// How many further changes are marked and not listed.
    pub unlisted: usize,
    /// Whether less is marked than usual, because comparing more would take too long: whole passages
    /// in place of words. All that differs is marked all the same.
    pub coarse: bool,
}

/// What differs between two rendered texts; without a `before`, everything is new.
///
/// # Errors
/// As any computation. The inner error says why a text, or the difference, cannot be shown.
pub async fn rendered_difference(
    cx: &Context,
    before: Option<&Markdown>,
    after: &Markdown,
) -> Result<Result<RenderedDiff, TooComplex>, Problem> {
    // A review has rendered the new text already.
    let new = match render::of_publication(cx, after).await? {
        Ok(html) => html,
        Err(fault) => return Ok(Err(fault)),
    };
    let (before, media_url) = (before.cloned(), cx.config.media_url.clone());
    cx.compute(move || {
        let old = before
            .map_or(Ok(String::new()), |text| render::with_own_media(text.as_str(), &media_url))?;
        let [old, new] = [old, new].map(|html| pictures::without_foreign(&html, &media_url));
        compare(&old, &new)
    })
    .await
}

/// A text as its readers would see it, safe to show on a page of ours: pictures of other hosts are
/// links, since loading one would tell its host who reads what is not published yet. Its ids begin with `text-`, to be
/// told from those of the page.
///
/// # Errors
/// As [`rendered_difference`].
pub async fn rendered_result(
    cx: &Context,
    body: &Markdown,
) -> Result<Result<String, TooComplex>, Problem> {
    let html = match render::of_publication(cx, body).await? {
        Ok(html) => html,
        Err(fault) => return Ok(Err(fault)),
    };
    let media_url = cx.config.media_url.clone();
    cx.compute(move || Ok(ids::apart(&pictures::without_foreign(&html, &media_url)))).await
}

/// Does once, with two short texts, what a review does: what is made at its first use is there afterwards.
pub fn prepare_review() {
    let texts =
        ["Some *words*.\n", "## Title\n\nOther **words** and [a link](https://example.com).\n"];
    let [old, new] = texts.map(|text| render::to_html(text).unwrap_or_default());
    drop(compare(&old, &new));
    drop(findings::of_body(&Markdown::trusted(texts[1]), ""));
}

/// Texts that a language model wrote, safe to show on a page of ours, each on its own. Nobody read them before,
/// and what the model read may have told it what to write: so pictures of other hosts are links, as in
/// [`rendered_result`], and every link says where it leads. Nothing is loaded from elsewhere.
///
/// # Errors
/// As [`rendered_difference`].
pub async fn rendered_answers(
    cx: &Context,
    texts: Vec<String>,
) -> Result<Vec<Result<String, TooComplex>>, Problem> {
    let (media_url, public_url) = (cx.config.media_url.clone(), cx.config.public_url.clone());
    let rendered = move |text: &String| {
        let html = pictures::without_foreign(&render::to_html(text)?, &media_url);
        Ok(links::with_places(&ids::without_headings(&html), &public_url))
    };
    cx.compute(move || texts.iter().map(rendered).collect()).await
}

/// The difference between two pages of sanitised HTML.
fn compare(old: &str, new: &str) -> Result<RenderedDiff, TooComplex> {
    // A serialised tree is well formed; what is not cannot be marked without breaking it.
    let old = pages::prepared(old).ok_or(TooComplex::Repairs)?;
    let new = pages::prepared(new).ok_or(TooComplex::Repairs)?;
    let trees = parse(&old).zip(parse(&new)).ok_or(TooComplex::Repairs)?;
    let mut comparison =
        Comparison { deadline: Deadline::of_comparing(), writer: Writer::default(), coarse: false };
    comparison.children(&trees.0, &trees.1);
    let Comparison { writer, coarse, .. } = comparison;
    let (html, changes, unlisted) = writer.finish();
    if html.len() > MAX_HTML {
        return Err(TooComplex::Length);
    }
    Ok(RenderedDiff { html, changes, unlisted, coarse })
}

/// A comparison on its way through both trees.
struct Comparison {
    deadline: Deadline,
    writer: Writer,
    coarse: bool,
}

impl Comparison {
    /// Compares what stands in two elements, or on two pages.
    fn children(&mut self, old: &[Node<'_>], new: &[Node<'_>]) {
        let (old, new) = (items(old), items(new));
        if self.deadline.is_past() {
            self.coarse = true;
            self.replaced(&old, &new);
            return;
        }
        for place in self.places(&old, &new) {
            let (before, after) = (&old[place.old], &new[place.new]);
            match place.is_same {
                true => after.iter().for_each(|item| self.writer.same(item.html())),
                false => self.changed(before, after),
            }
        }
    }

    /// Where two lists are the same and where not, in their order. A blank between two changes belongs
    /// to them: a sentence is easier to read as a whole than word by word.
    fn places(&mut self, old: &[Item<'_, '_>], new: &[Item<'_, '_>]) -> Vec<Place> {
        let (old_keys, new_keys) = keys(old, new);
        let ends = Some(self.deadline.ends());
        let ops = capture_diff_slices_deadline(Algorithm::Myers, &old_keys, &new_keys, ends);
        self.coarse |= self.deadline.is_past_now();
        let mut places: Vec<Place> = Vec::new();
        for (at, op) in ops.iter().enumerate() {
            let is_between = at > 0 && at + 1 < ops.len();
            let is_blank = || new[op.new_range()].iter().all(Item::is_blank);
            let is_same = op.tag() == DiffTag::Equal && !(is_between && is_blank());
            let (old, new) = (op.old_range(), op.new_range());
            match places.last_mut().filter(|last| last.is_same == is_same) {
                Some(last) => (last.old.end, last.new.end) = (old.end, new.end),
                None => places.push(Place { old, new, is_same }),
            }
        }
        places
    }

    /// What stands at a place where both differ: elements with something in common are compared, the
    /// rest is gone or new.
    fn changed(&mut self, old: &[Item<'_, '_>], new: &[Item<'_, '_>]) {
        let (mut from, mut to) = (0, 0);
        let found = partners(old, new, &self.deadline);
        self.coarse |= found.is_cut;
        for (before, after) in found.pairs {
            self.replaced(&old[from..before], &new[to..after]);
            if let (Item::Element(one), Item::Element(other)) = (old[before], new[after]) {
                self.element(one, other);
            }
            (from, to) = (before + 1, after + 1);
        }
        self.replaced(&old[from..], &new[to..]);
    }

    /// Two elements with the same start tag.
    fn element(&mut self, old: &Element<'_>, new: &Element<'_>) {
        self.writer.same(new.open);
        if new.name == "tr" {
            // The columns are the same.
            for (before, after) in old.elements().zip(new.elements()) {
                match before.whole == after.whole {
                    true => self.writer.same(after.whole),
                    false => self.element(before, after),
                }
            }
        } else {
            self.children(&old.children, &new.children);
        }
        self.writer.same(new.close);
    }

    /// What is gone, and what is new in its place.
    fn replaced(&mut self, old: &[Item<'_, '_>], new: &[Item<'_, '_>]) {
        if old.is_empty() && new.is_empty() {
            return;
        }
        self.writer.begin(RenderedChange::new(old, new));
        self.writer.marked(old, Side::Removed);
        self.writer.marked(new, Side::Added);
        self.writer.end();
    }
}

/// A place in two lists.
struct Place {
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
    is_same: bool,
}
