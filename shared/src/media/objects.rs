//! The calls to the bucket.
//!
//! The client is made for each request, as that of the parameter store is: the SDK of S3 is linked
//! into the functions that call this, and into no other.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::types::MetadataDirective;
use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use super::{inspect, urls};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Sha256, Time};
use crate::permission::Objects;
use crate::store::media::MediaItem;

/// An address is given to one file for ever.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// How long S3 may take to copy 200 MiB. It does it by itself, in a second or two.
const COPY: Duration = Duration::from_secs(10);

/// What is known of an uploaded object.
pub(super) struct Head {
    /// Its size in bytes.
    pub(super) size: u64,
    /// Names this very object, and none that takes its place.
    pub(super) etag: String,
    /// Its first bytes, up to [`inspect::HEAD`].
    pub(super) bytes: Bytes,
}

/// A request that uploads exactly this file, once, from `now` on for `lifetime`.
///
/// Every header that is set here is signed: another length, type or checksum, or a second upload
/// while the first one is there, is refused by S3.
pub(super) async fn presign(
    cx: &Context,
    item: &MediaItem,
    now: Time,
    lifetime: Duration,
) -> Result<PresignedRequest, Problem> {
    let start = Duration::from_millis(now.as_millis().max(0).unsigned_abs());
    let valid = PresigningConfig::builder()
        .start_time(SystemTime::UNIX_EPOCH + start)
        .expires_in(lifetime)
        .build();
    Client::new(&cx.sdk)
        .put_object()
        .bucket(&cx.config.media_bucket)
        .key(urls::key(Objects::Pending, item))
        .content_type(item.content_type.as_str())
        .content_length(i64::try_from(item.size).map_err(Problem::internal)?)
        .set_checksum_sha256(item.sha256.as_ref().map(in_base64))
        .if_none_match("*")
        .presigned(valid.map_err(Problem::internal)?)
        .await
        .map_err(failed)
}

/// The beginning of what was uploaded; `None` where nothing was.
pub(super) async fn head(cx: &Context, item: &MediaItem) -> Result<Option<Head>, Problem> {
    let answer = Client::new(&cx.sdk)
        .get_object()
        .bucket(&cx.config.media_bucket)
        .key(urls::key(Objects::Pending, item))
        .range(format!("bytes=0-{}", inspect::HEAD - 1))
        .send()
        .await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    // `bytes 0-1048575/5242880`
    let range = answer.content_range().unwrap_or_default();
    let size = range.rsplit('/').next().and_then(|size| size.parse().ok());
    let size = size.ok_or_else(|| Problem::internal(format!("an odd range of S3: {range:?}")))?;
    let etag = answer.e_tag().unwrap_or_default().to_owned();
    let bytes = answer.body.collect().await.map_err(Problem::unavailable)?;
    Ok(Some(Head { size, etag, bytes: bytes.into_bytes() }))
}

/// Copies what was looked at to where readers find it; `false` where something else has taken its
/// place since. Done twice it does no harm.
pub(super) async fn publish(cx: &Context, item: &MediaItem, etag: &str) -> Result<bool, Problem> {
    let bucket = &cx.config.media_bucket;
    let patience =
        TimeoutConfig::builder().operation_attempt_timeout(COPY).operation_timeout(COPY).build();
    let copied = Client::new(&cx.sdk)
        .copy_object()
        .bucket(bucket)
        .key(urls::key(Objects::Media, item))
        // Both halves are made of letters, digits, dots, hyphens and slashes: nothing to encode.
        .copy_source(format!("{bucket}/{}", urls::key(Objects::Pending, item)))
        .copy_source_if_match(etag)
        .metadata_directive(MetadataDirective::Replace)
        .content_type(item.content_type.as_str())
        .cache_control(IMMUTABLE)
        .customize()
        .config_override(Builder::new().timeout_config(patience))
        .send()
        .await;
    match copied {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.code(), Some("PreconditionFailed" | "NoSuchKey")) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// Puts a file where readers find it.
pub(super) async fn put(cx: &Context, item: &MediaItem, bytes: Bytes) -> Result<(), Problem> {
    let request = Client::new(&cx.sdk).put_object().bucket(&cx.config.media_bucket);
    let request = request.key(urls::key(Objects::Media, item)).body(bytes.into());
    let request = request.content_type(item.content_type.as_str()).cache_control(IMMUTABLE);
    request.send().await.map(drop).map_err(failed)
}

/// The bytes that readers find; `None` where there are none.
pub(super) async fn get(cx: &Context, item: &MediaItem) -> Result<Option<Bytes>, Problem> {
    let request = Client::new(&cx.sdk).get_object().bucket(&cx.config.media_bucket);
    match request.key(urls::key(Objects::Media, item)).send().await {
        Ok(answer) => {
            let bytes = answer.body.collect().await.map_err(Problem::unavailable)?;
            Ok(Some(bytes.into_bytes()))
        }
        Err(error) if error.code() == Some("NoSuchKey") => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// Removes an object, whether it is there or not.
pub(super) async fn remove(
    cx: &Context,
    objects: Objects,
    item: &MediaItem,
) -> Result<(), Problem> {
    let request = Client::new(&cx.sdk).delete_object().bucket(&cx.config.media_bucket);
    request.key(urls::key(objects, item)).send().await.map(drop).map_err(failed)
}

/// As S3 takes it.
fn in_base64(digest: &Sha256) -> String {
    let digits = digest.as_str().as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    BASE64_STANDARD.encode(digits.filter_map(byte).collect::<Vec<u8>>())
}

/// 503 for what passes by itself, 500 for what is our fault or a missing right.
fn failed<E>(error: SdkError<E>) -> Problem
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let ours = match &error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(failure) => failure.is_user(),
        SdkError::ServiceError(service) => {
            let status = service.raw().status();
            status.is_client_error() && service.err().code() != Some("SlowDown")
        }
        _ => false,
    };
    if ours { Problem::internal(error) } else { Problem::unavailable(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_in_base64() {
        let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let expected = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(in_base64(&Sha256::trusted(digest)), expected);
    }
}
