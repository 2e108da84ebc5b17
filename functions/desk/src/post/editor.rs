//! The page on which a post is written.

use byline_shared::Context;
use byline_shared::http::Response;
use byline_shared::http::problem::Problem;
use byline_shared::model::Scope;
use byline_shared::publishing::{Editing, Preview};
use http::StatusCode;
use maud::{Markup, PreEscaped, html};

use super::conflict::{self, Conflict};
use super::cover::Covers;
use super::values::Values;
use super::{details, facts, notes, path};
use crate::assets;
use crate::layout::{Section, Sheet, sheet};
use crate::once;
use crate::parts::{self, Field, Kind};
use crate::review::findings;
use crate::uploads::MAX_FILE;
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
    let now = &parts::Now::of(cx);
    let title = editing.post.fields.title.as_str();
    let is_trashed = editing.post.trashed_at.is_some();
    // What was sent from an older tab stays in the form, and with it in the browser, until the post is restored.
    let is_read_only = is_trashed && !is_unsaved(editor);
    let main = html! {
        // The title is a field below, for everybody who sees it.
        h1.sr { "Edit: " (title) }
        div.row {
            a.back href="/desk/posts" { "Posts" }
            span.grow {}
            (actions(visit, editing))
        }
        // The script that saves renews what has data-fresh, part by part: each page has all of them, also where
        // they are empty.
        div.stack data-fresh {
            @if let Some(conflict) = conflict { (conflict::message(now, conflict)) }
            @if let Some(problem) = problem { (parts::problem(problem)) }
            @if is_trashed { (in_trash(visit, editing)) }
            (notes::all(now, visit, editing))
        }
        div.stack.writing {
            div data-fresh { (facts::list(now, visit, editing)) }
            @if is_read_only { (read_only(editor)) } @else { (form(cx, visit, editor)) }
            div data-fresh {
                @if let Some(conflict) = conflict { (conflict::theirs(conflict)) }
                @if let Some(rendered) = &editor.rendered { (preview(editor.values, rendered)) }
            }
            @if !is_trashed { (trash(visit, editing)) }
        }
        @if !is_read_only { (assets::scripts(&["upload.js", "editor.js", "draft.js", "preview.js"])) }
    };
    let frame = Sheet::new(title, Section::Posts).wide().uploads().status(status);
    sheet(cx, visit, frame, &main)
}

fn actions(visit: &Visit, editing: &Editing) -> Markup {
    let path = path(&editing.post.id);
    html! {
        @if let Some(address) = notes::just_published(visit, editing) {
            a.button href=(address) rel="noopener" { "See it on the website" }
        }
        a.button href={ (path) "/history" } { "History" }
        @if visit.caller.may(Scope::PostsWrite) && editing.post.trashed_at.is_none() {
            a.button href={ (path) "/share" } { "Share a preview" }
        }
        @if editing.may_publish && editing.post.trashed_at.is_none() {
            a.button href={ (path) "/go-live?revision=" (editing.latest.summary.id) } data-latest { "Go live…" }
        }
    }
}

/// Whether the fields hold another text than the one that was saved last.
fn is_unsaved(editor: &Editor<'_>) -> bool {
    let latest = &editor.editing.latest;
    *editor.values != Values::of_text(&latest.summary.fields, &latest.body)
}

/// The text of a post in the trash: to read and to copy.
fn read_only(editor: &Editor<'_>) -> Markup {
    let Editor { editing, values, .. } = editor;
    html! {
        textarea.title-field aria-label="Title" rows="1" readonly { "\n" (values.get("title")) }
        div.write {
            section.sheet aria-label="Text" {
                textarea.body-field aria-label="Text, in Markdown" rows="20" readonly { "\n" (values.get("body")) }
            }
        }
        fieldset.stack disabled { (details::all(editing, editor.covers, values, None, None)) }
    }
}

fn form(cx: &Context, visit: &Visit, editor: &Editor<'_>) -> Markup {
    let Editor { editing, values, problem, .. } = editor;
    let (id, user) = (&editing.post.id, &visit.caller.user.id);
    html! {
        form.stack method="post" action=(path(id)) data-editor data-upload="/desk/media" data-upload-max=(MAX_FILE)
            data-draft={ (user) ":" (id) ":" (editor.base) } data-unsaved[is_unsaved(editor)] {
            (parts::token(visit))
            (once::field(cx.clock.now()))
            input type="hidden" name="revision_id" value=(editor.base);
            (title(values, *problem))
            (body(values, *problem))
            (save_bar(visit, editing))
            (details::all(editing, editor.covers, values, *problem, visit.form.get("cover_alt")))
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
        noscript {
            p.quiet.small { "For a picture in the text, upload it under " a href="/desk/media" { "Media" }
                ". Its page there has the line to copy into the text." }
        }
        @if let Some(fault) = fault { p.fault #body-fault { (fault) } }
    }
}

fn save_bar(visit: &Visit, editing: &Editing) -> Markup {
    html! {
        div.save-bar {
            ul.uploads aria-label="Pictures that are being sent" data-uploads {}
            button.button.go type="submit" name="action" value="save" data-save { "Save" }
            button.button type="submit" name="action" value="preview" { "Save and preview" }
            button.button.text type="submit" formaction="/desk/preview" formtarget="_blank" formnovalidate
                data-preview-button { "Preview" }
            span.grow {}
            span.quiet.small.num data-count {}
            span.quiet.small data-kept {}
            span.quiet.small role="status" data-say {}
        }
        div data-fresh {
            (hand_in(visit, editing))
        }
    }
}

/// The form that hands the text in, or where it was handed in.
fn hand_in(visit: &Visit, editing: &Editing) -> Markup {
    let may_publish = visit.caller.may(Scope::PostsPublish);
    let user = &visit.caller.user.id;
    let handed_in = editing.waiting.iter().find(|proposal| {
        proposal.created_by.kind.is_person() && proposal.created_by.user_id == *user
    });
    html! {
        @if !may_publish && !editing.is_approved() {
            @if let Some(proposal) = handed_in {
                p.note role="note" {
                    "You handed this in for review. You can go on writing: "
                    a href={ "/desk/proposals/" (proposal.id) } { "the review" }
                    " shows what you saved last."
                }
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
            p { "This post is in the trash. Restore it first to change it: it comes back as a draft." }
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
