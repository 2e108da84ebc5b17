//! The one bucket of the stand-in for S3.

use s3s::validation::NameValidation;

/// The name of the bucket, which is the first segment of its paths.
pub(crate) const BUCKET: &str = "local-bucket";

/// Rejects requests to buckets of another name.
pub(super) struct OneBucket;

impl NameValidation for OneBucket {
    fn validate_bucket_name(&self, name: &str) -> bool {
        name == BUCKET
    }
}
