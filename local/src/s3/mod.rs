//! S3 on this machine: one bucket, as files. `s3s` speaks the protocol and verifies every signature
//! and its expiry; here stand the objects and who may touch them.
//!
//! The bucket's name is the first segment of its path on the public port, so that a URL that an
//! operation signs is one that a browser can use. The SDK puts it into the path, and not before the
//! host, because the host is an IP address.

mod files;
mod front;
mod operations;
mod signers;

pub(crate) use front::router;

use std::path::Path;
use std::sync::Arc;

use byline_shared::clock::Clock;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::validation::NameValidation;
use s3s::{Body, HttpRequest, HttpResponse};

use crate::observe::Observer;
use files::Files;
use operations::Operations;
pub(crate) use signers::Signers;

/// The bucket, and the first segment of its path.
pub(crate) const BUCKET: &str = "local-bucket";

/// The service.
#[derive(Clone)]
pub(crate) struct S3 {
    service: S3Service,
    files: Arc<Files>,
    pub(crate) signers: Arc<Signers>,
}

impl S3 {
    /// With the objects of a data folder, or in a folder that goes away at the end.
    ///
    /// # Errors
    /// Where the folder cannot be used.
    pub(crate) fn open(
        folder: Option<&Path>,
        clock: Arc<dyn Clock>,
        observer: Arc<Observer>,
    ) -> std::io::Result<Self> {
        let files = Arc::new(Files::open(folder, clock)?);
        let signers = Arc::new(Signers::new(observer));
        let operations = Operations { files: Arc::clone(&files), signers: Arc::clone(&signers) };
        let mut builder = S3ServiceBuilder::new(operations);
        builder.set_auth(signers::Auth(Arc::clone(&signers)));
        builder.set_access(signers::Access(Arc::clone(&signers)));
        builder.set_validation(OneBucket);
        Ok(Self { service: builder.build(), files, signers })
    }

    /// Answers a request of an SDK or of whoever has a signed URL.
    pub(crate) async fn answer(&self, request: HttpRequest) -> HttpResponse {
        self.service.call(request).await.unwrap_or_else(|cause| {
            let cause: Box<dyn std::error::Error + Send + Sync> = cause.into();
            tracing::error!(%cause, "the local S3 failed");
            let mut response = HttpResponse::new(Body::empty());
            *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }

    /// Removes uploads that were never completed, as the bucket's rule does.
    pub(crate) fn sweep(&self) -> std::io::Result<()> {
        self.files.sweep()
    }
}

struct OneBucket;

impl NameValidation for OneBucket {
    fn validate_bucket_name(&self, name: &str) -> bool {
        name == BUCKET
    }
}
