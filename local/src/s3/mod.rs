//! A stand-in for S3: one bucket, stored as files. `s3s` implements the protocol and verifies signatures
//! and their expiry. This module stores the objects and checks who may access them.
//!
//! The bucket's name is the first path segment on the public port, so browsers can use the presigned
//! URLs. The SDK puts the name into the path and not into the host because the host is an IP address.

mod access;
mod bucket;
mod cdn;
mod files;
mod operations;

pub(crate) use access::AccessKeys;
pub(crate) use bucket::BUCKET;
pub(crate) use cdn::router;

use std::path::Path;
use std::sync::Arc;

use byline_shared::clock::Clock;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpRequest, HttpResponse};

use crate::faults::Observer;
use bucket::OneBucket;
use files::Files;
use operations::Operations;

/// The service and its objects.
#[derive(Clone)]
pub(crate) struct S3 {
    service: S3Service,
    files: Arc<Files>,
    pub(crate) access_keys: Arc<AccessKeys>,
}

impl S3 {
    /// Opens the objects of a data folder, or a temporary folder that is removed at the end.
    ///
    /// # Errors
    /// If the folder cannot be used.
    pub(crate) fn open(
        folder: Option<&Path>,
        clock: Arc<dyn Clock>,
        observer: Arc<Observer>,
    ) -> std::io::Result<Self> {
        let files = Arc::new(Files::open(folder, clock)?);
        let access_keys = Arc::new(AccessKeys::new(observer));
        let operations =
            Operations { files: Arc::clone(&files), access_keys: Arc::clone(&access_keys) };
        let mut builder = S3ServiceBuilder::new(operations);
        builder.set_auth(access::Auth(Arc::clone(&access_keys)));
        builder.set_access(access::Access(Arc::clone(&access_keys)));
        builder.set_validation(OneBucket);
        Ok(Self { service: builder.build(), files, access_keys })
    }

    /// Answers a signed request: of the SDK, or with a presigned URL.
    pub(crate) async fn answer(&self, request: HttpRequest) -> HttpResponse {
        self.service.call(request).await.unwrap_or_else(|cause| {
            let cause: Box<dyn std::error::Error + Send + Sync> = cause.into();
            tracing::error!(%cause, "the stand-in for S3 failed");
            let mut response = HttpResponse::new(Body::empty());
            *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }

    /// Removes uploads that were never completed, as the bucket's lifecycle rule does.
    pub(crate) fn sweep(&self) -> std::io::Result<()> {
        self.files.sweep()
    }
}
