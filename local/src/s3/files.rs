//! Objects as files: `<key>` holds the bytes, `<key>~meta` the metadata. An object exists if its metadata
//! file does. That file is written last and removed first.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use byline_shared::clock::Clock;
use byline_shared::crypto::random;
use byline_shared::model::Time;
use byline_shared::permission::Objects;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::files;

/// After how many seconds an upload that was not completed is removed: the bucket's lifecycle rule in
/// `template.yaml`.
const PENDING: i64 = 24 * 60 * 60;

/// The suffix of a metadata file. Keys never contain `~`.
const META: &str = "~meta";

/// The metadata of an object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Meta {
    pub(super) size: u64,
    pub(super) etag: String,
    pub(super) content_type: Option<String>,
    pub(super) cache_control: Option<String>,
    pub(super) stored_at: Time,
}

/// The objects.
pub(super) struct Files {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    /// Held while a key gets or loses its object.
    changing: Mutex<()>,
    _temporary: Option<TempDir>,
}

/// An object that is being uploaded.
pub(super) struct Draft {
    path: PathBuf,
    file: File,
    digest: Context,
    size: u64,
}

impl Draft {
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.digest.update(bytes);
        self.file.write_all(bytes)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // The file is gone already if it became an object.
        let _ = fs::remove_file(&self.path);
    }
}

/// The conditions and metadata of an upload.
#[derive(Default)]
pub(super) struct Expected {
    pub(super) size: Option<u64>,
    /// The SHA-256 of the bytes, in base64.
    pub(super) sha256: Option<String>,
    /// Whether to store the object only if the key has none.
    pub(super) only_new: bool,
    pub(super) content_type: Option<String>,
    pub(super) cache_control: Option<String>,
}

/// Why an object was not stored.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotStored {
    #[error("the length differs from Content-Length")]
    Incomplete,
    #[error("the checksum differs")]
    BadDigest,
    #[error("the key already has an object")]
    Exists,
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Files {
    pub(super) fn open(folder: Option<&Path>, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let temporary = if folder.is_none() { Some(TempDir::new()?) } else { None };
        let folder = match (&temporary, folder) {
            (Some(temporary), _) => temporary.path().to_owned(),
            (None, folder) => folder.unwrap_or(Path::new(".")).join("objects"),
        };
        // Uploads that a stopped process left behind.
        let _ = fs::remove_dir_all(folder.join("drafts"));
        fs::create_dir_all(folder.join("drafts"))?;
        Ok(Self { folder, clock, changing: Mutex::default(), _temporary: temporary })
    }

    /// The file of a key. `None` if the key is not one of Byline's, such as `pending/<ULID>/<name>`.
    fn path(&self, key: &str) -> Option<PathBuf> {
        let known = Objects::ALL.iter().any(|objects| key.starts_with(objects.prefix()));
        let plain = |segment: &str| {
            let mut bytes = segment.bytes();
            !segment.starts_with('.')
                && !segment.is_empty()
                && bytes.all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        };
        let segments: Vec<&str> = key.split('/').collect();
        (known && segments.len() == 3 && segments.into_iter().all(plain))
            .then(|| self.folder.join(key))
    }

    /// The metadata of an object. `None` if the key has none.
    pub(super) fn meta(&self, key: &str) -> io::Result<Option<Meta>> {
        let Some(path) = self.path(key) else { return Ok(None) };
        match fs::read(beside(&path)) {
            Ok(json) => Ok(Some(serde_json::from_slice(&json)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Up to `count` bytes of an object, beginning at `from`.
    pub(super) fn read(&self, key: &str, from: u64, count: u64) -> io::Result<Bytes> {
        let path = self.path(key).ok_or(io::ErrorKind::NotFound)?;
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(count).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }

    /// Begins an upload.
    pub(super) fn draft(&self) -> io::Result<Draft> {
        let path = self.folder.join("drafts").join(random::letters(20));
        let file = File::create_new(&path)?;
        Ok(Draft { path, file, digest: Context::new(&SHA256), size: 0 })
    }

    /// Completes an upload: the draft becomes the object of `key`.
    pub(super) fn store(
        &self,
        key: &str,
        draft: Draft,
        expected: Expected,
    ) -> Result<Meta, NotStored> {
        let path = self.path(key).ok_or(io::Error::from(io::ErrorKind::InvalidFilename))?;
        if expected.size.is_some_and(|size| size != draft.size) {
            return Err(NotStored::Incomplete);
        }
        let digest = draft.digest.clone().finish();
        if expected.sha256.is_some_and(|expected| expected != BASE64_STANDARD.encode(digest)) {
            return Err(NotStored::BadDigest);
        }
        let meta = Meta {
            size: draft.size,
            etag: BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]),
            content_type: expected.content_type,
            cache_control: expected.cache_control,
            stored_at: self.clock.now(),
        };
        draft.file.sync_all()?;
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if expected.only_new && beside(&path).exists() {
            return Err(NotStored::Exists);
        }
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        fs::rename(&draft.path, &path)?;
        files::replace(&beside(&path), &serde_json::to_vec(&meta).map_err(io::Error::from)?)?;
        Ok(meta)
    }

    /// Removes an object, if the key has one.
    pub(super) fn remove(&self, key: &str) -> io::Result<()> {
        let Some(path) = self.path(key) else { return Ok(()) };
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        remove(&path)
    }

    /// Removes uploads that were not completed in time.
    pub(super) fn sweep(&self) -> io::Result<()> {
        let until = self.clock.now().plus_seconds(-PENDING);
        let pending = self.folder.join(Objects::Pending.prefix());
        if !pending.exists() {
            return Ok(());
        }
        for folder in fs::read_dir(pending)? {
            for entry in fs::read_dir(folder?.path())? {
                let name = entry?.path();
                let Some(path) = name.to_str().and_then(|name| name.strip_suffix(META)) else {
                    continue;
                };
                let meta: Meta = serde_json::from_slice(&fs::read(&name)?)?;
                if meta.stored_at < until {
                    let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
                    remove(Path::new(path))?;
                }
            }
        }
        Ok(())
    }
}

fn remove(path: &Path) -> io::Result<()> {
    for file in [beside(path), path.to_owned()] {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    // Its folder, too. That fails, as it should, while another object is in it.
    if let Some(folder) = path.parent() {
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(META);
    name.into()
}
