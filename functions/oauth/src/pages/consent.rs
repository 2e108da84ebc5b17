//! The page on which a user lets a program in, or not.

use byline_shared::http::Response;
use byline_shared::model::{Scope, User};
use byline_shared::oauth::redirect;
use byline_shared::store::oauth::ConsentItem;
use http::StatusCode;
use maud::html;

use super::{Page, document, hidden};

/// How a scope that is asked for stands to what the user said before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// They have not agreed to anything yet.
    First,
    Given,
    LeftOut,
    /// It was not asked for then.
    New,
}

impl Standing {
    fn of(scope: Scope, before: Option<&ConsentItem>) -> Self {
        match before {
            None => Self::First,
            Some(before) if before.scopes.contains(&scope) => Self::Given,
            Some(before) if before.asked.contains(&scope) => Self::LeftOut,
            Some(_) => Self::New,
        }
    }

    /// What the label says of it.
    fn mark(self) -> Option<&'static str> {
        match self {
            Self::First | Self::Given => None,
            Self::LeftOut => Some("(you left it out)"),
            Self::New => Some("(new)"),
        }
    }

    /// Whether it is chosen beforehand. What was left out stays so, however often a program asks.
    fn is_chosen(self, scope: Scope) -> bool {
        match self {
            Self::First | Self::New => !is_rare(scope),
            Self::Given => true,
            Self::LeftOut => false,
        }
    }
}

/// The page to agree or not. `before` is what the user said to the program before, if they agreed.
pub(crate) fn consent(
    page: &Page<'_>,
    user: &User,
    scopes: &[Scope],
    before: Option<&ConsentItem>,
) -> Response {
    let client = &page.request.client;
    let standing = |scope: &Scope| Standing::of(*scope, before);
    let title = format!("Let {} in?", client.name);
    let target = redirect::shown(&page.request.redirect_uri);
    // The resource of the API is the address of the server itself; that of agents is below it.
    let over_api = !page.request.resource.ends_with("/mcp");
    document(
        StatusCode::OK,
        &title,
        &html! {
            h1 { (title) }
            p { "It wants to work at " strong { (page.site) } " in your name, "
                strong { (user.name) } " (" (user.email) ")." }
            dl {
                dt { "Calls itself" } dd { (client.name) }
                dt { "Known from" } dd {
                    @match &client.host {
                        Some(host) => { strong { (host) } }
                        None => "Itself alone: nobody has checked its name."
                    }
                }
                dt { "You will be sent to" } dd { strong { (target) } }
                dt { "It works over" } dd { @if over_api { "The API" } @else { "MCP, the interface for agents" } }
            }
            @if redirect::is_local(&page.request.redirect_uri) || client.is_local() {
                div.warning role="note" {
                    p { strong { "Only go on if you have just started this yourself." }
                        " The answer goes to a program on the computer that you sit at. Byline cannot tell \
                          which one: any program there can call itself " (client.name) "." }
                }
            }
            @if scopes.iter().any(|scope| standing(scope) == Standing::New) {
                p.note role="note" { "You let it in before. It now asks for more: what is marked as "
                    strong { "new" } " below. What is not ticked is not given: tick what you came to give." }
            }
            form method="post" action="/oauth/authorize" {
                (hidden(page, "consent"))
                fieldset {
                    legend { "It may" }
                    ul.scopes {
                        @for scope in scopes {
                            @let id = format!("scope-{}", scope.as_str().replace(':', "-"));
                            li {
                                @if *scope == Scope::Profile {
                                    span.fixed { (words(*scope)) " (always)" }
                                } @else {
                                    input #(id) type="checkbox" name="granted" value=(scope.as_str())
                                        checked[standing(scope).is_chosen(*scope)];
                                    label for=(id) {
                                        (words(*scope))
                                        @if let Some(mark) = standing(scope).mark() { " " strong { (mark) } }
                                    }
                                }
                            }
                        }
                    }
                }
                p { "It can never change your password, your address or your sign-ins. You can shut it out at any time, among the programs of your account." }
                div.buttons {
                    button type="submit" name="decision" value="deny" { "Do not let it in" }
                    button.primary type="submit" name="decision" value="allow" { "Let it in" }
                }
            }
            form.aside method="post" action="/oauth/authorize" {
                (hidden(page, "sign_out"))
                button.link type="submit" { "Not you? Sign in as somebody else" }
            }
        },
    )
}

/// What a scope means, in plain words.
fn words(scope: Scope) -> &'static str {
    match scope {
        Scope::Profile => "see your name, address and role",
        Scope::PostsRead => "read drafts and the media for them",
        Scope::PostsWrite => "write and change drafts",
        Scope::PostsPropose => "propose changes, which a person has to approve",
        Scope::PostsPublish => "publish posts and take them down, as far as programs may here",
        Scope::PostsDelete => "put posts into the trash and take them out",
        Scope::MediaWrite => "upload, describe and delete media",
        Scope::Admin => "read the security log and the list of users",
    }
}

/// What is never chosen beforehand: it reaches beyond drafts.
fn is_rare(scope: Scope) -> bool {
    matches!(scope, Scope::PostsPublish | Scope::PostsDelete | Scope::Admin)
}
