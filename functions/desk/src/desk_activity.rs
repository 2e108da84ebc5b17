//! `/desk/activity`: the security log, by person, by kind of event and by days.

use byline_shared::http::Response;
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::store::users::UserSort;
use futures_util::future::try_join;
use maud::html;

use crate::activity::{Chosen, entry};
use crate::layout::{Section, Sheet, sheet};
use crate::page;
use crate::parts;
use crate::visit::Visit;

/// Shows the security log.
struct Activity;

/// The operation.
pub const OPERATION: Operation = page::operation::<Activity>(module_path!());

/// The people to choose from: the newest accounts. Another account's page leads to what it did.
const PEOPLE: PageParams = PageParams { limit: 100, cursor: None };

impl page::Page for Activity {
    const NAME: &'static str = "desk-activity";
    const PATH: &'static str = "/desk/activity";
    const SUMMARY: &'static str = "Show the security log";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::AUDIT, &[Query]),
        Permission::Table(Content, &[BatchGetItem]),
        Permission::Index(Identity, "gsi1"),
    ];

    type Needs = scope::Admin;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let chosen = Chosen::of(&visit.query, parts::Now::of(cx).zone);
        let page = PageParams { limit: 50, cursor: visit.query.get("cursor").map(str::to_owned) };
        let filter = chosen.filter();
        let (entries, people) = try_join(
            cx.store.audit_log().list(&page, &filter),
            cx.store.users().list(&PEOPLE, None, None, UserSort::NewestFirst),
        )
        .await?;
        let called = cx.store.audit_log().subjects(&entries.items).await?;
        let lede = format!(
            "Sign-ins, changes of accounts and credentials, and everything that was published. Kept for 400 days; \
             days and times are those of {}. Posts, files and tags are called what they are called today.",
            chosen.zone_name()
        );
        let main = html! {
            (parts::head("Activity", Some(&lede), None))
            (chosen.form(&people.items))
            @if !entries.items.is_empty() {
                section.sheet {
                    ul.list { @for item in &entries.items { (entry(cx, item, &called)) } }
                }
            } @else if entries.next_cursor.is_some() {
                p.quiet { "Nothing in this part of the log. Older parts may have more." }
            } @else if chosen.is_any() {
                (parts::empty("Nothing to show", "Nothing of this kind happened in this time.", Some(("/desk/activity", "Show everything"))))
            } @else {
                (parts::empty("Nothing to show", "Whatever happens from now on is told here.", None))
            }
            (parts::pager(&chosen.path(), entries.next_cursor.as_deref()))
        };
        Ok(sheet(cx, visit, Sheet::new("Activity", Section::Activity), &main))
    }
}
