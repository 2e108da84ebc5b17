//! The consent page, where a user authorizes an app or denies its request.

use byline_shared::http::Response;
use byline_shared::model::{Scope, User};
use byline_shared::oauth::redirect;
use byline_shared::store::oauth::ConsentItem;
use http::StatusCode;
use maud::{Markup, html};

use super::{Page, document, hidden};

/// How a requested scope relates to the user's previous consent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScopeState {
    /// There is no previous consent.
    Undecided,
    Granted,
    LeftOut,
    /// The app did not ask for it then.
    New,
}

impl ScopeState {
    fn new(scope: Scope, previous: Option<&ConsentItem>) -> Self {
        match previous {
            None => Self::Undecided,
            Some(previous) if previous.scopes.contains(&scope) => Self::Granted,
            Some(previous) if previous.asked.contains(&scope) => Self::LeftOut,
            Some(_) => Self::New,
        }
    }

    /// The mark on its label.
    fn mark(self) -> Option<&'static str> {
        match self {
            Self::Undecided | Self::Granted => None,
            Self::LeftOut => Some("(you left this out)"),
            Self::New => Some("(new)"),
        }
    }

    /// Whether its checkbox is ticked when the page is loaded.
    fn is_ticked(self, scope: Scope) -> bool {
        match self {
            Self::Granted => true,
            Self::Undecided | Self::New => !is_sensitive(scope),
            // An app that asks again and again must not get a scope by the user's habit.
            Self::LeftOut => false,
        }
    }
}

/// The consent page; `previous` is the user's last decision about the app, if it still counts.
pub(crate) fn consent(
    page: &Page<'_>,
    user: &User,
    scopes: &[Scope],
    previous: Option<&ConsentItem>,
) -> Response {
    let client = &page.request.client;
    let title = format!("Authorize {}?", client.name);
    let is_new = |scope: &Scope| ScopeState::new(*scope, previous) == ScopeState::New;
    let is_local = redirect::is_local(&page.request.redirect_uri) || client.is_local();
    document(
        StatusCode::OK,
        &title,
        &html! {
            h1 { (title) }
            p { strong { (client.name) } " wants to access your account at " strong { (page.site) } "." }
            form.account method="post" action="/oauth/authorize" {
                (hidden(page, "sign_out"))
                p { "Signed in as " strong { (user.name) } " (" (user.email) ")" }
                button.link type="submit" { "Not you? Use another account" }
            }
            (facts(page))
            @if is_local {
                div.warning role="note" {
                    p { strong { "Continue only if you have just started this yourself." }
                        @match redirect::app(&page.request.redirect_uri) {
                            Some(app) => { " Your browser then opens " (app) " on this device. Byline \
                                cannot check that it is " (client.name) ": any app on this device can \
                                open such links." }
                            None => { " Access goes to an app on this device. Byline cannot check \
                                that it is " (client.name) ": any app there can call itself that." }
                        } }
                }
            }
            @if scopes.iter().any(is_new) {
                p.note role="note" { "You authorized this app before. It now asks for more: the \
                    permissions marked " strong { "new" } ". Tick only what you want to grant." }
            }
            form method="post" action="/oauth/authorize" {
                (hidden(page, "consent"))
                fieldset {
                    legend { "The app will be able to" }
                    ul.scopes {
                        @for scope in scopes {
                            li { (permission(*scope, ScopeState::new(*scope, previous))) }
                        }
                    }
                }
                p.hint { "It can never change your password, your e-mail address or your sign-ins. \
                          You can revoke its access at any time: remove the app in your account at "
                          (page.site) " (in the API: DELETE /v1/auth/grants/{grant_id})." }
                @if redirect::app(&page.request.redirect_uri).is_some() {
                    p.hint { "After your choice the app opens, and this page stays: you can then \
                              close it. If the app does not open, press the button \
                              again." }
                }
                div.buttons {
                    button type="submit" name="decision" value="deny" { "Deny" }
                    button.primary type="submit" name="decision" value="allow" { "Authorize" }
                }
            }
        },
    )
}

/// What is known about the app, and where the user goes next.
fn facts(page: &Page<'_>) -> Markup {
    let client = &page.request.client;
    let uri = &page.request.redirect_uri;
    // The resource of the API is the URL of the server itself; that of MCP is below it.
    let over_mcp = page.request.resource.ends_with("/mcp");
    html! {
        dl {
            dt { "Published by" }
            dd {
                @match &client.host {
                    Some(host) => { strong { (host) } }
                    None => "Unknown. The app chose its own name, and nobody has verified it."
                }
            }
            dt { "Returns to" }
            dd {
                strong { (redirect::shown(uri)) }
                @if redirect::app(uri).is_some() { " (" (uri) ")" }
            }
            dt { "Uses" } dd { @if over_mcp { "MCP, the interface for AI agents" } @else { "The REST API" } }
        }
    }
}

fn permission(scope: Scope, state: ScopeState) -> Markup {
    let id = format!("scope-{}", scope.as_str().replace(':', "-"));
    html! {
        @if scope == Scope::Profile {
            span.fixed { (scope.in_words()) " (always included)" }
        } @else {
            input #(id) type="checkbox" name="granted" value=(scope.as_str())
                checked[state.is_ticked(scope)];
            label for=(id) {
                (scope.in_words())
                @if let Some(mark) = state.mark() { " " strong { (mark) } }
            }
        }
    }
}

/// Scopes that affect more than drafts. They are never ticked in advance.
fn is_sensitive(scope: Scope) -> bool {
    matches!(scope, Scope::PostsPublish | Scope::PostsDelete | Scope::Admin)
}
