//! The page on which a post is written.

use byline_shared::Context;
use byline_shared::http::Response;
use byline_shared::http::problem::Problem;
use byline_shared::model::Scope;
use byline_shared::publishing::{Editing, Preview};
use http::StatusCode;
use maud::{Markup, PreEscaped, html};

use super::conflict::{self, Conflict};
use super::cover::{self, Covers};
use super::values::{TICKED, Values};
use super::{facts, notes, path};
use crate::assets;
use crate::layout::{Section, Sheet, sheet};
use crate::once;
use crate::parts::{self, Field, Kind};
use crate::review::findings;
use crate::visit::Visit;

/// What the page is made of.
pub(crate) struct Editor<'a> {
    pub(crate) editing: &'a Editing,
    pub(crate) covers: &'a Covers,
    /// What the fields hold.
    pub(crate) values: &'a Values,
    /// The revision that the fields were made from.
    pub(crate) base: &'a str,
    /// What did not work.
    pub(crate) problem: Option<&'a Problem>,
    /// What somebody else saved meanwhile.
    pub(crate) conflict: Option<&'a Conflict>,
    /// The saved text as readers would see it, where it was asked for, or why it cannot be shown.
    pub(crate) rendered: Option<Result<Preview, Problem>>,
}

/// The page.
pub(crate) fn page(
    cx: &Context,
    visit: &Visit,
    status: StatusCode,
    editor: &Editor<'_>,
) -> Response {
    let Editor { editing, problem, conflict, .. } = editor;
    let now = cx.clock.now();
    let title = editing.post.fields.title.as_str();
    let is_trashed = editing.post.trashed_at.is_some();
    let main = html! {
        // The title is a field below, for everybody who sees it.
        h1.sr { "Edit: " (title) }
        div.row {
            a.back href="/desk/posts" { "Posts" }
            span.grow {}
            (actions(visit, editing))
        }
        @if let Some(conflict) = conflict { (conflict::message(now, conflict)) }
        @if let Some(problem) = problem { (parts::problem(problem)) }
        @if is_trashed { (in_trash(visit, editing)) }
        (notes::all(now, visit, editing))
        div.stack.writing {
            (facts::list(now, editing))
            (form(cx, visit, editor))
            @if let Some(conflict) = conflict { (conflict::theirs(conflict)) }
            @if let Some(rendered) = &editor.rendered { (preview(editor.values, rendered)) }
            @if !is_trashed { (trash(visit, editing)) }
        }
        (assets::scripts(&["editor.js", "draft.js", "preview.js"]))
    };
    sheet(cx, visit, Sheet::new(title, Section::Posts).wide().status(status), &main)
}

fn actions(visit: &Visit, editing: &Editing) -> Markup {
    let path = path(&editing.post.id);
    html! {
        a.button href={ (path) "/history" } { "History" }
        @if visit.caller.may(Scope::PostsWrite) && editing.post.trashed_at.is_none() {
            a.button href={ (path) "/share" } { "Share a preview" }
        }
        @if editing.may_publish && editing.post.trashed_at.is_none() {
            a.button href={ (path) "/go-live?revision=" (editing.latest.summary.id) } data-latest { "Go live…" }
        }
    }
}

fn form(cx: &Context, visit: &Visit, editor: &Editor<'_>) -> Markup {
    let Editor { editing, values, problem, .. } = editor;
    let (id, user) = (&editing.post.id, &visit.caller.user.id);
    html! {
        form.stack method="post" action=(path(id)) data-editor data-upload="/desk/media"
            data-draft={ (user) ":" (id) ":" (editor.base) } {
            (parts::token(visit))
            (once::field(cx.clock.now()))
            input type="hidden" name="revision_id" value=(editor.base);
            (title(values, *problem))
            (body(values, *problem))
            (save_bar(visit, editing))
            (details(editor, visit))
            (search_engines(values, *problem))
        }
    }
}

fn title(values: &Values, problem: Option<&Problem>) -> Markup {
    let fault = parts::fault(problem, "title");
    html! {
        div.field {
            label.sr for="title" { "Title" }
            textarea.title-field #title name="title" rows="1" maxlength="200" required
                aria-invalid=[fault.map(|_| "true")] aria-describedby=[fault.map(|_| "title-fault")] {
                "\n" (values.get("title"))
            }
            @if let Some(fault) = fault { p.fault #title-fault { (fault) } }
        }
    }
}

fn body(values: &Values, problem: Option<&Problem>) -> Markup {
    let fault = parts::fault(problem, "body");
    html! {
        div.write {
            section.sheet aria-label="Text" {
                (parts::toolbar())
                label.sr for="body" { "Text, in Markdown" }
                // A line end right after the tag is dropped by browsers: the first keeps one of the text's own.
                textarea.body-field #body name="body" rows="20" data-body
                    aria-invalid=[fault.map(|_| "true")] aria-describedby=[fault.map(|_| "body-fault")] {
                    "\n" (values.get("body"))
                }
            }
            section.sheet.preview data-preview="/desk/preview" hidden { header { h2 { "Preview" } } }
        }
        @if let Some(fault) = fault { p.fault #body-fault { (fault) } }
    }
}

fn save_bar(visit: &Visit, editing: &Editing) -> Markup {
    let may_publish = visit.caller.may(Scope::PostsPublish);
    let user = &visit.caller.user.id;
    let handed_in = editing.waiting.iter().any(|proposal| {
        proposal.created_by.user_id == *user
            && proposal.base_revision_id.as_ref() == Some(&editing.latest.summary.id)
    });
    html! {
        div.save-bar {
            button.button.go type="submit" name="action" value="save" data-save { "Save" }
            button.button type="submit" name="action" value="preview" { "Save and preview" }
            button.button.text type="submit" formaction="/desk/preview" formtarget="_blank" formnovalidate
                data-preview-button { "Preview" }
            span.grow {}
            span.quiet.small.num data-count {}
            span.quiet.small data-kept {}
            span.quiet.small role="status" data-say {}
        }
        @if !may_publish {
            @if handed_in {
                p.note role="note" { "You handed this text in for review. Under Waiting you see \
                    what becomes of it. You can go on writing: the review shows what you saved \
                    last." }
            } @else {
                details.more {
                    summary { "Ready? Hand it in for review" }
                    div.form {
                        (parts::field(Field {
                            name: "note",
                            label: "Note for the editors (optional)",
                            value: visit.form.text("note"),
                            hint: Some("What they should know when they decide."),
                            kind: Kind::Area(2),
                            max: Some(2000),
                            ..Field::default()
                        }))
                        div.row { button.button type="submit" name="action" value="hand_in" { "Hand in for review" } }
                    }
                }
            }
        }
    }
}

fn details(editor: &Editor<'_>, visit: &Visit) -> Markup {
    let Editor { values, problem, covers, .. } = editor;
    let problem = *problem;
    let alt = visit.form.get("cover_alt");
    let names = ["tags", "slug", "excerpt", "cover", "cover_alt", "language", "featured"];
    html! {
        details.more open[has_fault(problem, &names)] {
            summary { "Tags, address, excerpt, cover" }
            div.form {
                (line(values, problem, "tags", "Tags", "Names with commas between them. New ones are created.", None))
                (line(values, problem, "slug", "Address (slug)", "The last part of the post's address. \
                    If it was live under another one, that leads to the new one.", Some(100)))
                (area(values, problem, "excerpt", "Excerpt", "A summary for lists, in plain text."))
                (line(values, problem, "language", "Language", "A tag such as en or pt-BR. Empty: that of \
                    the publication.", Some(35)))
                (parts::tick("featured", TICKED, "Featured", Some("Shown first by sites that feature posts."),
                    values.get("featured") == TICKED))
                (cover::fieldset(covers, values, problem, alt))
            }
        }
    }
}

fn search_engines(values: &Values, problem: Option<&Problem>) -> Markup {
    let names = ["meta_title", "meta_description", "canonical_url"];
    html! {
        details.more open[has_fault(problem, &names)] {
            summary { "For search engines" }
            div.form {
                (line(values, problem, "meta_title", "Title for search engines", "Empty: the post's title.", Some(200)))
                (area(values, problem, "meta_description", "Description for search engines", "A sentence or two."))
                (line(values, problem, "canonical_url", "First published at", "The address of the original, \
                    if the text was first published elsewhere.", Some(2048)))
            }
        }
    }
}

fn has_fault(problem: Option<&Problem>, names: &[&str]) -> bool {
    names.iter().any(|name| parts::fault(problem, name).is_some())
}

fn line<'a>(
    values: &'a Values,
    problem: Option<&'a Problem>,
    name: &'a str,
    label: &'a str,
    hint: &'a str,
    max: Option<usize>,
) -> Markup {
    let (value, fault) = (values.get(name), parts::fault(problem, name));
    parts::field(Field { name, label, value, hint: Some(hint), max, fault, ..Field::default() })
}

fn area<'a>(
    values: &'a Values,
    problem: Option<&'a Problem>,
    name: &'a str,
    label: &'a str,
    hint: &'a str,
) -> Markup {
    let (value, fault) = (values.get(name), parts::fault(problem, name));
    let (kind, max) = (Kind::Area(3), Some(500));
    parts::field(Field { name, label, value, hint: Some(hint), kind, max, fault, required: false })
}

/// The saved text as readers would see it. It is sanitised.
fn preview(values: &Values, rendered: &Result<Preview, Problem>) -> Markup {
    html! {
        section.sheet #preview aria-labelledby="preview-title" {
            header { h2 #preview-title { "As readers would see it" } }
            @match rendered {
                Ok(preview) => {
                    (findings::unseen(&preview.warnings, &preview.unseen))
                    div.prose lang=[Some(values.get("language")).filter(|tag| !tag.is_empty())] {
                        h1 { (values.get("title")) }
                        (PreEscaped(&preview.body_html))
                    }
                }
                Err(problem) => div.padded { (parts::problem(problem)) },
            }
        }
    }
}

fn in_trash(visit: &Visit, editing: &Editing) -> Markup {
    html! {
        form.note method="post" action=(path(&editing.post.id)) {
            (parts::token(visit))
            p { "This post is in the trash. Restore it to change it; it is then a draft." }
            p { button.button type="submit" name="action" value="restore" { "Restore" } }
        }
    }
}

fn trash(visit: &Visit, editing: &Editing) -> Markup {
    let post = &editing.post;
    let is_live = post.live_revision_id.is_some();
    let may = visit.caller.may(Scope::PostsDelete)
        && (editing.may_publish || (!is_live && post.schedule.is_none()));
    html! {
        @if may {
            details.more {
                summary { "Move to the trash" }
                form.form method="post" action=(path(&post.id)) {
                    (parts::token(visit))
                    input type="hidden" name="version" value=(post.version);
                    p {
                        @if is_live { "Readers no longer find it, at once. " }
                        "It can be restored for 30 days."
                    }
                    div.row { button.button.risk type="submit" name="action" value="trash" { "Move to the trash" } }
                }
            }
        }
    }
}
