//! Routes requests to operations, as API Gateway does.

use std::collections::HashMap;
use std::sync::Arc;

use http::Method;

use super::service::Service;
use crate::http::{Request, Response};

/// The routes of every operation.
pub struct Router {
    /// By path template, the services by method.
    routes: matchit::Router<HashMap<Method, Arc<Service>>>,
    fallback: Arc<Service>,
}

impl Router {
    /// A router to `services`, one of which is the default operation.
    ///
    /// # Panics
    /// If two operations have the same route, or none is the default.
    #[must_use]
    pub fn new(services: Vec<Service>) -> Self {
        let mut by_path: HashMap<&'static str, HashMap<Method, Arc<Service>>> = HashMap::new();
        let mut fallback = None;
        for service in services {
            let service = Arc::new(service);
            let operation = service.operation();
            if operation.is_default() {
                fallback = Some(service);
                continue;
            }
            let (path, methods) = (operation.path, operation.methods());
            for method in methods {
                let twin = by_path.entry(path).or_default().insert(method, Arc::clone(&service));
                assert!(twin.is_none(), "two operations have the route {path}");
            }
        }
        let mut routes = matchit::Router::new();
        for (path, methods) in by_path {
            routes.insert(path, methods).expect("paths of operations are valid and distinct");
        }
        Self { routes, fallback: fallback.expect("one operation is the default") }
    }

    /// The service for a request: the default one if no operation has the method and path.
    #[must_use]
    pub fn service(&self, method: &Method, path: &str) -> &Arc<Service> {
        let matched = self.routes.at(path).ok();
        matched.and_then(|matched| matched.value.get(method)).unwrap_or(&self.fallback)
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request) -> Response {
        self.service(request.method(), request.uri().path()).call(request).await
    }
}
