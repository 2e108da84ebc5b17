//! Several operations behind one Function URL of Lambda.

use super::operation::Operation;
use super::router::Router;
use super::service::Service;
use crate::context::Context;
use crate::permission::Permission;

/// A function with a URL of its own, where it answers several operations. They are behind the HTTP API, too: it
/// waits for whole answers, and a Function URL takes them piece by piece.
#[derive(Clone)]
pub struct FunctionUrl {
    /// Answers what none of the operations takes. The function has its name.
    pub fallback: Operation,
    /// What it answers.
    pub operations: &'static [Operation],
}

impl FunctionUrl {
    /// Every right of its operations.
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        let all = self.operations.iter().chain([&self.fallback]);
        let mut permissions: Vec<Permission> = all.flat_map(Operation::permissions).collect();
        permissions.sort();
        permissions.dedup();
        permissions
    }

    /// Its operations, answering from `context`, ready for the first request.
    #[must_use]
    pub fn router(&self, context: &Context) -> Router {
        let all = self.operations.iter().chain([&self.fallback]);
        let services = all.map(|operation| {
            let service = Service::new(operation.clone(), context.clone());
            service.prepare();
            service
        });
        Router::new(services.collect())
    }
}
