//! `/desk/tags/{tag_slug}`: rename and describe a tag, merge it into another, or delete it.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{Description, Patch, PublicTag, Slug};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, TagChanges};
use byline_shared::store::keys;
use http::StatusCode;
use maud::{Markup, html};

use crate::answers::done;
use crate::desk_tags::new_tag;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page;
use crate::parts::{self, Field, Kind, fault};
use crate::post;
use crate::typed::{Typed, agreed};
use crate::visit::Visit;

/// Shows a tag.
struct Tag;

/// The operation.
pub const OPERATION: Operation = page::operation::<Tag>(module_path!());

impl page::Page for Tag {
    const NAME: &'static str = "desk-tag";
    const PATH: &'static str = "/desk/tags/{tag_slug}";
    const SUMMARY: &'static str = "Show a tag";
    const PERMISSIONS: &'static [Permission] = &[
        publishing::PUBLISH,
        HOLD_RIGHT,
        Permission::Items(Content, keys::TAGS, &[Query]),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
    ];
    const ERRORS: &'static [Code] =
        &[Code::TagExists, Code::EditConflict, Code::PreconditionFailed];
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[("tag_slug", "field-notes")];
    const DONE: &'static [Done] = &[Done::TagCreated, Done::TagChanged, Done::TagMerged];

    type Needs = scope::PostsPublish;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match act(cx, visit).await {
            Ok(response) => Ok(response),
            Err(problem) if problem.code == Code::PreconditionFailed => {
                changed_meanwhile(cx, visit, &visit.id("tag_slug")?).await
            }
            Err(problem) if problem.code == Code::NotFound => moved_or_gone(cx, visit).await,
            Err(problem) if matches!(problem.code.status(), 409 | 422 | 429) => {
                view(cx, visit, Some(problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

async fn act(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let (actor, slug) = (visit.actor(), visit.id::<Slug>("tag_slug")?);
    let mut form = Typed::new(&visit.form);
    match visit.form.text("action") {
        "change" => {
            let (name, new_slug) = (form.required("name"), form.required("slug"));
            let description: Option<Description> = form.optional("description");
            form.finish()?;
            let description = description.map_or(Patch::Clear, Patch::Set);
            let changes = TagChanges { name, slug: new_slug, description };
            let seen = post::seen(visit);
            let tag = publishing::change_tag(cx, &actor, &slug, Some(&seen), changes).await?;
            Ok(done(&action(&tag.slug), Done::TagChanged))
        }
        "merge" => {
            let into: Option<Slug> = form.required("into");
            form.finish()?;
            agreed(&visit.form, "merge")?;
            let into = into.expect("a form without faults has the tag");
            let tag = publishing::merge_tags(cx, &actor, &slug, &into).await?;
            Ok(done(&action(&tag.slug), Done::TagMerged))
        }
        "delete" => {
            agreed(&visit.form, "delete")?;
            publishing::delete_tag(cx, &actor, &slug).await?;
            Ok(done("/desk/tags", Done::TagDeleted))
        }
        _ => Err(Problem::new(Code::MalformedRequest, "The form has no known button.")),
    }
}

/// After a form about a tag that is not under its address any more. A form that was sent twice has done its
/// work already.
async fn moved_or_gone(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
    let now = publishing::resolve_tags(cx, [&visit.id::<Slug>("tag_slug")?]).await?.pop();
    match (visit.form.text("action"), now) {
        ("delete", None) => Ok(done("/desk/tags", Done::TagDeleted)),
        ("merge", Some(tag)) if tag.slug.as_str() == visit.form.text("into") => {
            Ok(done(&action(&tag.slug), Done::TagMerged))
        }
        ("change", None) => Ok(gone(cx, visit)),
        (_, Some(tag)) => changed_meanwhile(cx, visit, &tag.slug).await,
        (_, None) => Err(Problem::not_found("tag")),
    }
}

/// The tag as it is now, with what was entered, after somebody else has changed it.
async fn changed_meanwhile(cx: &Context, visit: &Visit, slug: &Slug) -> Result<Response, Problem> {
    let tag = publishing::get_tag(cx, slug).await?;
    let sent = |name: &str| visit.form.text(name).trim();
    let description = tag.description.as_ref().map_or("", |description| description.as_str());
    let saved = [tag.name.as_str(), tag.slug.as_str(), description];
    if visit.form.text("action") == "change"
        && saved == [sent("name"), sent("slug"), sent("description")]
    {
        return Ok(done(&action(&tag.slug), Done::TagChanged));
    }
    let told = html! {
        div.alert role="alert" tabindex="-1" {
            h2 { "Somebody else changed this tag while you did" }
            p { "What you entered is in the form below, and nothing of it is saved. Compare it with what is \
                 saved now, and save again." }
            dl.facts {
                div { dt { "Name" } dd { (tag.name) } }
                div { dt { "Address" } dd { (tag.slug) } }
                div { dt { "Description" } dd.keep { @if description.is_empty() { "none" } @else { (description) } } }
            }
        }
    };
    let frame =
        Sheet::new(tag.name.as_str(), Section::Tags).status(StatusCode::PRECONDITION_FAILED);
    let version = tag.version.to_string();
    Ok(sheet(cx, visit, frame, &main(cx, visit, &tag, (&version, &told, None)).await?))
}

/// What was entered for a tag that somebody else has deleted: a new tag can be made of it.
fn gone(cx: &Context, visit: &Visit) -> Response {
    let title = "Somebody else deleted this tag while you changed it";
    let content = html! {
        a.back href="/desk/tags" { "All tags" }
        (parts::head(title, Some("Nothing was changed. What you entered is below: a new tag can be made of it."), None))
        (new_tag(cx.clock.now(), visit, None))
    };
    sheet(cx, visit, Sheet::new(title, Section::Tags).status(StatusCode::CONFLICT), &content)
}

async fn view(cx: &Context, visit: &Visit, problem: Option<Problem>) -> Result<Response, Problem> {
    let tag = publishing::get_tag(cx, &visit.id("tag_slug")?).await?;
    // A form that comes back is still based on what it began with.
    let stored = tag.version.to_string();
    let version = visit.form.get("version").unwrap_or(&stored);
    let told = html! { @if let Some(problem) = &problem { (parts::problem(problem)) } };
    let shown = main(cx, visit, &tag, (version, &told, problem.as_ref())).await?;
    let frame = Sheet::new(tag.name.as_str(), Section::Tags);
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &shown))
}

/// The page below its frame: `version` is what the form is based on, `told` what happened.
async fn main(
    cx: &Context,
    visit: &Visit,
    tag: &PublicTag,
    (version, told, problem): (&str, &Markup, Option<&Problem>),
) -> Result<Markup, Problem> {
    let others = publishing::list_tags(cx, &PageParams { limit: 100, cursor: None }).await?;
    let others: Vec<PublicTag> =
        others.items.into_iter().filter(|other| other.slug != tag.slug).collect();
    Ok(html! {
        a.back href="/desk/tags" { "All tags" }
        (parts::head(tag.name.as_str(), None, None))
        (told)
        (change(visit, tag, version, problem))
        @if !others.is_empty() { (merge(visit, tag, &others, problem)) }
        (delete(visit, tag, problem))
    })
}

/// Where the page of a tag is.
fn action(slug: &Slug) -> String {
    format!("/desk/tags/{slug}")
}

fn change(visit: &Visit, tag: &PublicTag, version: &str, problem: Option<&Problem>) -> Markup {
    let value = |name: &str, stored: &str| visit.form.get(name).unwrap_or(stored).to_owned();
    let stored = tag.description.as_ref().map_or("", |description| description.as_str());
    let (name, slug) = (value("name", tag.name.as_str()), value("slug", tag.slug.as_str()));
    let description = value("description", stored);
    html! {
        section.sheet {
            header { h2 { "Name and description" } }
            form.form.padded method="post" action=(action(&tag.slug)) {
                (parts::token(visit))
                input type="hidden" name="version" value=(version);
                (parts::field(Field { name: "name", label: "Name", value: &name, required: true, max: Some(50), fault: fault(problem, "name"), ..Field::default() }))
                (parts::field(Field { name: "slug", label: "Address", value: &slug, hint: Some("The last part of its address. The old one leads to the new one for good."), required: true, max: Some(100), fault: fault(problem, "slug"), ..Field::default() }))
                (parts::field(Field { name: "description", label: "Description (optional)", value: &description, kind: Kind::Area(3), max: Some(1000), fault: fault(problem, "description"), ..Field::default() }))
                button.button.go type="submit" name="action" value="change" { "Save" }
            }
        }
    }
}

fn merge(
    visit: &Visit,
    tag: &PublicTag,
    others: &[PublicTag],
    problem: Option<&Problem>,
) -> Markup {
    let names: Vec<(&str, &str)> =
        others.iter().map(|other| (other.slug.as_str(), other.name.as_str())).collect();
    html! {
        section.sheet {
            header { h2 { "Merge into another tag" } }
            form.form.padded method="post" action=(action(&tag.slug)) {
                (parts::token(visit))
                p.quiet { "Every post gets the other tag, and this one's address leads there. A merge cannot be undone." }
                (parts::field(Field { name: "into", label: "The tag to keep", value: visit.form.text("into"), kind: Kind::Choice(&names), required: true, fault: fault(problem, "into"), ..Field::default() }))
                (parts::agree("merge", "Merge it for good", fault(problem, "merge")))
                button.button.risk type="submit" name="action" value="merge" { "Merge" }
            }
        }
    }
}

fn delete(visit: &Visit, tag: &PublicTag, problem: Option<&Problem>) -> Markup {
    let posts = match tag.post_count {
        0 => "No published post has this tag.".to_owned(),
        1 => "1 published post loses it within moments.".to_owned(),
        count => format!("{count} published posts lose it within moments."),
    };
    html! {
        section.sheet {
            header { h2 { "Delete the tag" } }
            form.form.padded method="post" action=(action(&tag.slug)) {
                (parts::token(visit))
                p.quiet { (posts) " Drafts lose it, too." }
                (parts::agree("delete", "Delete it for good", fault(problem, "delete")))
                button.button.risk type="submit" name="action" value="delete" { "Delete tag" }
            }
        }
    }
}
