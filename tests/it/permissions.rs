//! An operation that touches what its grants do not cover fails here, as IAM would make it fail in
//! production.

use byline_shared::http::{Request, Response};
use byline_shared::permission::{Permission, Table};
use byline_shared::prelude::*;
use http::Method;

use crate::harness::App;

/// Declares a read of posts, and reads accounts.
struct Trespasser;

impl RawEndpoint for Trespasser {
    const NAME: &'static str = "trespasser";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/trespasser";
    const SUMMARY: &'static str = "Reads what it must not";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Table::Content, &[GetItem])];
    const PRODUCES: &'static str = "text/plain";
    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let id = byline_shared::examples::USER_ID.parse().unwrap();
        cx.store.users().get(&id).await?;
        Ok(Response::default())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_outside_the_permissions_is_refused_with_both_names() {
    let app = App::start_with(|options| {
        options.operations.push(Operation::raw::<Trespasser>(module_path!()));
    })
    .await;
    let answer = app.anonymous().get("/trespasser", 500).await;
    answer.is_problem("internal");
    assert!(!answer.body.contains("identity"), "{}", answer.body);
    let violations = app.byline.observer.violations();
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert!(violations[0].starts_with(
        "`trespasser` called dynamodb:GetItem on the table `identity`, but none of its permissions allows that"
    ));
}
