//! `/desk/tags/{tag_slug}`: rename and describe a tag, merge it into another, or delete it.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{Description, Patch, PublicTag, Slug};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, TagChanges};
use byline_shared::store::keys;
use maud::{Markup, html};

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page;
use crate::parts::{self, Field, Kind, fault};
use crate::typed::Typed;
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
        Permission::Items(Content, keys::TAGS, &[Query]),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
    ];
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[("tag_slug", "field-notes")];

    type Needs = scope::PostsPublish;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match act(cx, visit).await {
            Ok(response) => Ok(response),
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
            let tag = publishing::change_tag(cx, &actor, &slug, changes).await?;
            Ok(done(&format!("/desk/tags/{}", tag.slug), Done::TagChanged))
        }
        "merge" => {
            let into: Option<Slug> = form.required("into");
            form.finish()?;
            let into = into.expect("a form without faults has the tag");
            let tag = publishing::merge_tags(cx, &actor, &slug, &into).await?;
            Ok(done(&format!("/desk/tags/{}", tag.slug), Done::TagMerged))
        }
        "delete" => {
            publishing::delete_tag(cx, &actor, &slug).await?;
            Ok(done("/desk/tags", Done::TagDeleted))
        }
        _ => Err(Problem::new(Code::MalformedRequest, "The form has no known button.")),
    }
}

async fn view(cx: &Context, visit: &Visit, problem: Option<Problem>) -> Result<Response, Problem> {
    let tag = publishing::get_tag(cx, &visit.id("tag_slug")?).await?;
    let others = publishing::list_tags(cx, &PageParams { limit: 100, cursor: None }).await?;
    let others: Vec<PublicTag> =
        others.items.into_iter().filter(|other| other.slug != tag.slug).collect();
    let main = html! {
        a.back href="/desk/tags" { "All tags" }
        (parts::head(tag.name.as_str(), None, None))
        @if let Some(problem) = &problem { (parts::problem(problem)) }
        (change(visit, &tag, problem.as_ref()))
        @if !others.is_empty() { (merge(visit, &tag, &others, problem.as_ref())) }
        (delete(visit, &tag))
    };
    let frame = Sheet::new(tag.name.as_str(), Section::Tags);
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}

fn action(tag: &PublicTag) -> String {
    format!("/desk/tags/{}", tag.slug)
}

fn change(visit: &Visit, tag: &PublicTag, problem: Option<&Problem>) -> Markup {
    let value = |name: &str, stored: &str| visit.form.get(name).unwrap_or(stored).to_owned();
    let stored = tag.description.as_ref().map_or("", |description| description.as_str());
    let (name, slug) = (value("name", tag.name.as_str()), value("slug", tag.slug.as_str()));
    let description = value("description", stored);
    html! {
        section.sheet {
            header { h2 { "Name and description" } }
            form.form.padded method="post" action=(action(tag)) {
                (parts::token(visit))
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
            form.form.padded method="post" action=(action(tag)) {
                (parts::token(visit))
                p.quiet { "Every post gets the other tag, and this one's address leads there. A merge cannot be undone." }
                (parts::field(Field { name: "into", label: "The tag to keep", value: visit.form.text("into"), kind: Kind::Choice(&names), required: true, fault: fault(problem, "into"), ..Field::default() }))
                button.button.risk type="submit" name="action" value="merge" { "Merge" }
            }
        }
    }
}

fn delete(visit: &Visit, tag: &PublicTag) -> Markup {
    let posts = match tag.post_count {
        0 => "No published post has this tag.".to_owned(),
        1 => "1 published post loses it within moments.".to_owned(),
        count => format!("{count} published posts lose it within moments."),
    };
    html! {
        section.sheet {
            header { h2 { "Delete the tag" } }
            form.form.padded method="post" action=(action(tag)) {
                (parts::token(visit))
                p.quiet { (posts) " Drafts lose it, too." }
                button.button.risk type="submit" name="action" value="delete" { "Delete tag" }
            }
        }
    }
}
