//! The S3 operations that Byline uses: <https://docs.aws.amazon.com/AmazonS3/latest/API/>.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, DeleteObjectInput,
    DeleteObjectOutput, ETag, ETagCondition, GetObjectInput, GetObjectOutput, MetadataDirective,
    PutObjectInput, PutObjectOutput, StreamingBlob,
};
use s3s::{S3, S3Error, S3Request, S3Response, S3Result, s3_error};
use tokio::sync::mpsc;

use super::access::AccessKeys;
use super::files::{Expected, Files, Meta, NotStored};

/// How many bytes of an object are read at once.
const CHUNK: u64 = 256 * 1024;

pub(super) struct Operations {
    pub(super) files: Arc<Files>,
    pub(super) access_keys: Arc<AccessKeys>,
}

#[async_trait::async_trait]
impl S3 for Operations {
    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let input = request.input;
        let size = input.content_length.and_then(|length| length.try_into().ok());
        let expected = Expected {
            size: Some(size.ok_or_else(|| s3_error!(MissingContentLength))?),
            sha256: input.checksum_sha256,
            only_new: input.if_none_match.is_some_and(|condition| condition.is_any()),
            content_type: input.content_type,
            cache_control: input.cache_control,
        };
        if expected.only_new && self.meta(&input.key).await?.is_some() {
            return Err(s3_error!(PreconditionFailed));
        }
        let files = Arc::clone(&self.files);
        let key = input.key;
        // The disk is written on a thread of its own. If it is slow, receiving waits.
        let (chunks, mut received) = mpsc::channel::<Bytes>(4);
        let writer = tokio::task::spawn_blocking(move || {
            let mut draft = files.draft()?;
            while let Some(chunk) = received.blocking_recv() {
                draft.write(&chunk)?;
            }
            files.store(&key, draft, expected)
        });
        let mut body = input.body;
        while let Some(chunk) = match &mut body {
            Some(body) => body.next().await,
            None => None,
        } {
            // An aborted upload is shorter than its Content-Length, so the writer discards it.
            let chunk = chunk.map_err(|_| s3_error!(IncompleteBody))?;
            if chunks.send(chunk).await.is_err() {
                break;
            }
        }
        drop(chunks);
        let meta = writer.await.map_err(S3Error::internal_error)?.map_err(not_stored)?;
        let e_tag = Some(ETag::Strong(meta.etag));
        Ok(S3Response::new(PutObjectOutput { e_tag, ..Default::default() }))
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let access_key = request.credentials.map(|credentials| credentials.access_key);
        let input = request.input;
        let Some(meta) = self.meta(&input.key).await? else {
            let may_know = access_key.is_some_and(|key| self.access_keys.may_list(&key));
            return Err(if may_know { s3_error!(NoSuchKey) } else { s3_error!(AccessDenied) });
        };
        let range = match input.range {
            Some(range) => range.check(meta.size).map_err(|_| s3_error!(InvalidRange))?,
            None => 0..meta.size,
        };
        let length = range.end - range.start;
        let partial = input.range.is_some();
        let content_range = format!("bytes {}-{}/{}", range.start, range.end - 1, meta.size);
        let body = read(Arc::clone(&self.files), input.key, range);
        let output = GetObjectOutput {
            body: Some(StreamingBlob::wrap(body)),
            content_length: i64::try_from(length).ok(),
            content_range: partial.then_some(content_range),
            content_type: meta.content_type,
            cache_control: meta.cache_control,
            e_tag: Some(ETag::Strong(meta.etag)),
            ..Default::default()
        };
        let mut response = S3Response::new(output);
        response.status = partial.then_some(http::StatusCode::PARTIAL_CONTENT);
        Ok(response)
    }

    async fn copy_object(
        &self,
        request: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        let input = request.input;
        let CopySource::Bucket { key: source, .. } = input.copy_source else {
            return Err(s3_error!(NotImplemented));
        };
        let from = self.meta(&source).await?.ok_or_else(|| s3_error!(NoSuchKey))?;
        let same = |condition: &ETagCondition| {
            condition.as_etag().is_none_or(|etag| etag.value() == from.etag)
        };
        if input.copy_source_if_match.as_ref().is_some_and(|condition| !same(condition)) {
            return Err(s3_error!(PreconditionFailed));
        }
        let replaces = input
            .metadata_directive
            .is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE);
        let (content_type, cache_control) = if replaces {
            (input.content_type, input.cache_control)
        } else {
            (from.content_type, from.cache_control)
        };
        let expected = Expected { content_type, cache_control, ..Expected::default() };
        let (files, key) = (Arc::clone(&self.files), input.key);
        let copied = tokio::task::spawn_blocking(move || {
            let mut draft = files.draft()?;
            let mut at = 0;
            while at < from.size {
                let chunk = files.read(&source, at, CHUNK)?;
                if chunk.is_empty() {
                    return Err(NotStored::Incomplete);
                }
                draft.write(&chunk)?;
                at += chunk.len() as u64;
            }
            files.store(&key, draft, expected)
        });
        let meta = copied.await.map_err(S3Error::internal_error)?.map_err(not_stored)?;
        let result =
            CopyObjectResult { e_tag: Some(ETag::Strong(meta.etag)), ..Default::default() };
        let output = CopyObjectOutput { copy_object_result: Some(result), ..Default::default() };
        Ok(S3Response::new(output))
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let (files, key) = (Arc::clone(&self.files), request.input.key);
        let removed = tokio::task::spawn_blocking(move || files.remove(&key)).await;
        removed.map_err(S3Error::internal_error)?.map_err(S3Error::internal_error)?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }
}

impl Operations {
    async fn meta(&self, key: &str) -> S3Result<Option<Meta>> {
        let (files, key) = (Arc::clone(&self.files), key.to_owned());
        let meta = tokio::task::spawn_blocking(move || files.meta(&key)).await;
        meta.map_err(S3Error::internal_error)?.map_err(S3Error::internal_error)
    }
}

/// The bytes of an object as a stream of chunks.
pub(super) fn read(
    files: Arc<Files>,
    key: String,
    range: std::ops::Range<u64>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static {
    let pieces = stream::try_unfold(range.start, move |at| {
        let (files, key, end) = (Arc::clone(&files), key.clone(), range.end);
        async move {
            if at >= end {
                return Ok(None);
            }
            let expected = CHUNK.min(end - at);
            let piece = tokio::task::spawn_blocking(move || files.read(&key, at, expected)).await;
            let piece = piece.map_err(io::Error::other)??;
            if piece.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let next = at + piece.len() as u64;
            Ok(Some((piece, next)))
        }
    });
    Box::pin(pieces)
}

fn not_stored(error: NotStored) -> S3Error {
    match error {
        NotStored::Incomplete => s3_error!(IncompleteBody),
        NotStored::BadDigest => s3_error!(BadDigest),
        NotStored::Exists => s3_error!(PreconditionFailed),
        NotStored::Io(cause) => S3Error::internal_error(cause),
    }
}
