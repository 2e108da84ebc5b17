//! `operations.txt`: a list for reviewers. Its diff shows every change of permissions.

use byline_shared::auth::requirement::{Access, SignIn};
use byline_shared::endpoint::{FunctionUrl, Operation};
use byline_shared::model::{RateLimit, Scope};
use byline_shared::permission::Permission;
use byline_shared::worker::{Trigger, Worker};

use super::source::Source;

pub(super) fn text(source: &Source<'_>) -> String {
    let mut text =
        "# Every operation: route, access, rate limit, permissions, errors. Written by `cargo gen`.\n"
            .to_owned();
    for operation in &source.operations {
        let access = match operation.access {
            Access::Public => "public".to_owned(),
            Access::Person { scope: Scope::Profile, sign_in: SignIn::AnyTime } => {
                "a person who is signed in".to_owned()
            }
            Access::Person { scope: Scope::Profile, sign_in: SignIn::JustNow } => {
                "a person who signed in just now".to_owned()
            }
            Access::Person { scope, sign_in } => format!(
                "a person who signed in{}, role {} or above",
                if sign_in == SignIn::JustNow { " just now" } else { "" },
                scope.role().as_str()
            ),
            Access::Desk(scope) => format!("the Desk, role {} or above", scope.role().as_str()),
            Access::Publish => format!(
                "scope {}, role {} or above; people with role {} for their own posts, if author_publishing is on",
                Scope::PostsPublish.as_str(),
                Scope::PostsPublish.role().as_str(),
                Scope::PostsWrite.role().as_str()
            ),
            Access::Scope(scope) => {
                format!("scope {}, role {} or above", scope.as_str(), scope.role().as_str())
            }
        };
        let limit = operation.limit.map_or("none".to_owned(), |policy| {
            let text = |limit: &RateLimit| {
                format!("{} in {} s ({})", limit.quota, limit.window.as_secs(), limit.name)
            };
            let is_for_agents = matches!(operation.access, Access::Scope(_) | Access::Publish);
            let together = policy.agents.filter(|_| is_for_agents);
            let together =
                together.map(|limit| format!(", keys and apps together {}", text(limit)));
            text(&policy) + &together.unwrap_or_default()
        });
        let errors = operation.errors();
        let errors: Vec<&str> = errors.iter().map(|code| code.as_str()).collect();
        text.push_str(&format!(
            "\n{}\n  {} {}\n  access  {access}\n  limit   {limit}\n  iam     {}\n  errors  {}\n",
            operation.name,
            methods(operation),
            operation.path,
            permissions(operation.permissions()),
            errors.join(" "),
        ));
    }
    for url in &source.function_urls {
        text.push_str(&format!(
            "\n{}\n  {}\n  iam     those of these operations\n",
            url.fallback.name,
            behind(url),
        ));
    }
    for worker in &source.workers {
        text.push_str(&format!(
            "\n{}\n  {}\n  iam     {}\n",
            worker.name,
            trigger(worker),
            permissions(worker.permissions.to_vec()),
        ));
    }
    text
}

/// The methods of an operation, without HEAD, which goes wherever GET goes.
pub(super) fn methods(operation: &Operation) -> String {
    let post = if operation.forms { ", POST" } else { "" };
    format!("{}{post}", operation.method)
}

/// What is behind a Function URL.
pub(super) fn behind(url: &FunctionUrl) -> String {
    let names: Vec<&str> = url.operations.iter().map(|operation| operation.name).collect();
    format!("Function URL of {}", names.join(", "))
}

/// When a worker runs.
pub(super) fn trigger(worker: &Worker) -> String {
    match worker.trigger {
        Trigger::NewItems(items) => {
            format!("new items {}* of {}", items.prefix, items.table.as_str())
        }
        Trigger::Every { minutes, .. } => format!("every {minutes} minutes"),
        Trigger::Called { .. } => "called by one-time schedules".to_owned(),
    }
}

fn permissions(permissions: Vec<Permission>) -> String {
    if permissions.is_empty() {
        return "none".to_owned();
    }
    let words = permissions.into_iter().map(|permission| match permission {
        Permission::Table(table, actions) => {
            let actions: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
            format!("{}: {}", table.as_str(), actions.join(" "))
        }
        Permission::Items(table, prefix, actions) => {
            let actions: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
            format!("{}/{prefix}*: {}", table.as_str(), actions.join(" "))
        }
        Permission::Index(table, index) => format!("{}/{index}: Query", table.as_str()),
        Permission::Objects(objects, actions) => {
            let actions: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
            format!("bucket/{}*: {}", objects.prefix(), actions.join(" "))
        }
        Permission::ListObjects => "bucket: ListBucket".to_owned(),
        Permission::TokenSecret => "token secret: GetParameter PutParameter".to_owned(),
        Permission::RotateTokenSecret => "token secret: PutParameter Overwrite".to_owned(),
        Permission::AccountSecret => "account secret: GetParameter PutParameter".to_owned(),
        Permission::ModelKey => "model key: GetParameter".to_owned(),
        Permission::Model => "model of Bedrock: InvokeModelWithResponseStream".to_owned(),
        Permission::SendMail => "mail: SendEmail".to_owned(),
        Permission::Schedules => "schedules: CreateSchedule DeleteSchedule".to_owned(),
    });
    words.collect::<Vec<_>>().join("; ")
}
