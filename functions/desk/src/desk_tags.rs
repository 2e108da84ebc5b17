//! `/desk/tags`: every tag, and a form to make one. A tag's own page has the rest.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{Description, PublicTag, Slug, TagId, TagName, Time};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys;
use maud::{Markup, html};

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::once;
use crate::page;
use crate::parts::{self, Field, Kind};
use crate::typed::Typed;
use crate::visit::Visit;

/// Shows all tags.
struct Tags;

/// The operation.
pub const OPERATION: Operation = page::operation::<Tags>(module_path!());

impl page::Page for Tags {
    const NAME: &'static str = "desk-tags";
    const PATH: &'static str = "/desk/tags";
    const SUMMARY: &'static str = "Show all tags";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::TAGS, &[Query]),
        Permission::Table(Content, &[BatchGetItem, UpdateItem]),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
    ];
    const DONE: &'static [Done] = &[Done::TagDeleted];

    type Needs = scope::PostsPublish;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match create(cx, visit).await {
            Ok(tag) => Ok(done(&format!("/desk/tags/{}", tag.slug), Done::TagCreated)),
            Err(problem) if problem.code.status() < 500 => view(cx, visit, Some(problem)).await,
            Err(problem) => Err(problem),
        }
    }
}

/// Makes a tag. A form that is sent twice makes one.
async fn create(cx: &Context, visit: &Visit) -> Result<PublicTag, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let mut form = Typed::new(&visit.form);
    let name: Option<TagName> = form.required("name");
    let slug: Option<Slug> = form.optional("slug");
    let description: Option<Description> = form.optional("description");
    form.finish()?;
    let name = name.expect("a form without faults has the name");
    // Another name is another tag.
    let id = TagId::from_ulid(once::ulid(cx, visit, &format!("tag {name}")).await?);
    publishing::create_tag(cx, &visit.actor(), Some(id), (name, slug, description)).await
}

async fn view(cx: &Context, visit: &Visit, problem: Option<Problem>) -> Result<Response, Problem> {
    let cursor = visit.query.get("cursor").map(str::to_owned);
    let tags = publishing::list_tags(cx, &PageParams { limit: 100, cursor }).await?;
    let main = html! {
        (parts::head("Tags", Some("Readers find posts by their tags. A change here reaches every post within moments."), None))
        @if let Some(problem) = &problem { (parts::problem(problem)) }
        @if tags.items.is_empty() {
            (parts::empty("There are no tags yet", "Make one below, or write it into a post: a tag that you write into a post is created for you.", None))
        } @else {
            section.sheet {
                ul.list { @for tag in &tags.items { (entry(tag)) } }
            }
            (parts::pager("/desk/tags", tags.next_cursor.as_deref()))
        }
        (new_tag(cx.clock.now(), visit, problem.as_ref()))
    };
    let frame = Sheet::new("Tags", Section::Tags);
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}

fn entry(tag: &PublicTag) -> Markup {
    let posts = match tag.post_count {
        0 => "no published post".to_owned(),
        1 => "1 published post".to_owned(),
        count => format!("{count} published posts"),
    };
    html! {
        li {
            div.main {
                a.main-link.name href={ "/desk/tags/" (tag.slug) } { (tag.name) }
                @if let Some(description) = &tag.description { p.quiet.small { (description) } }
            }
            div.side.small.quiet { (posts) }
        }
    }
}

/// The form for a new tag, with what was sent.
pub(crate) fn new_tag(now: Time, visit: &Visit, problem: Option<&Problem>) -> Markup {
    let value = |name: &str| visit.form.text(name).to_owned();
    let (name, slug, description) = (value("name"), value("slug"), value("description"));
    let field = |field| parts::field(field);
    html! {
        section.sheet {
            header { h2 { "New tag" } }
            form.form.padded method="post" action="/desk/tags" {
                (parts::token(visit))
                (once::field(now))
                (field(Field { name: "name", label: "Name", value: &name, required: true, max: Some(50), fault: parts::fault(problem, "name"), ..Field::default() }))
                (field(Field { name: "slug", label: "Address (optional)", value: &slug, hint: Some("The last part of its address. It is made from the name if you leave it empty."), max: Some(100), fault: parts::fault(problem, "slug"), ..Field::default() }))
                (field(Field { name: "description", label: "Description (optional)", value: &description, kind: Kind::Area(2), max: Some(1000), fault: parts::fault(problem, "description"), ..Field::default() }))
                button.button.go type="submit" { "Create tag" }
            }
        }
    }
}
