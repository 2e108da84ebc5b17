//! Objects as files: `<key>` holds the bytes, `<key>~meta` what S3 keeps beside them. An object is
//! there if its second file is, which is written last and removed first.

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

/// How long an upload waits to be completed, in seconds: the bucket's rule in `template.yaml`.
const PENDING: i64 = 24 * 60 * 60;

/// How the second file of an object ends. No key holds this character.
const META: &str = "~meta";

/// What S3 keeps of an object beside its bytes.
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
    /// Held while it is decided which object a key has.
    deciding: Mutex<()>,
    _temporary: Option<TempDir>,
}

/// Bytes on their way in.
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
        // Gone already where it became an object.
        let _ = fs::remove_file(&self.path);
    }
}

/// What is asked of an object on its way in.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) size: Option<u64>,
    /// SHA-256, in base64.
    pub(super) sha256: Option<String>,
    /// Only where the key has no object.
    pub(super) only_new: bool,
    pub(super) content_type: Option<String>,
    pub(super) cache_control: Option<String>,
}

/// Why an object was not taken in.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotStored {
    #[error("the length differs from Content-Length")]
    Incomplete,
    #[error("the checksum is another one")]
    BadDigest,
    #[error("the key has an object")]
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
        // What was on its way in when a process ended is no object.
        let _ = fs::remove_dir_all(folder.join("drafts"));
        fs::create_dir_all(folder.join("drafts"))?;
        Ok(Self { folder, clock, deciding: Mutex::default(), _temporary: temporary })
    }

    /// The file of a key, if it is one that Byline makes: `pending/<ULID>/<name>` and the like.
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

    /// What is kept of an object; `None` where the key has none.
    pub(super) fn meta(&self, key: &str) -> io::Result<Option<Meta>> {
        let Some(path) = self.path(key) else { return Ok(None) };
        match fs::read(beside(&path)) {
            Ok(json) => Ok(Some(serde_json::from_slice(&json)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Some of an object's bytes.
    pub(super) fn read(&self, key: &str, from: u64, count: u64) -> io::Result<Bytes> {
        let path = self.path(key).ok_or(io::ErrorKind::NotFound)?;
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(count).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }

    /// Begins to take an object in.
    pub(super) fn draft(&self) -> io::Result<Draft> {
        let path = self.folder.join("drafts").join(random::letters(20));
        let file = File::create_new(&path)?;
        Ok(Draft { path, file, digest: Context::new(&SHA256), size: 0 })
    }

    /// Makes a draft the object of a key.
    pub(super) fn store(&self, key: &str, draft: Draft, wanted: Wanted) -> Result<Meta, NotStored> {
        let path = self.path(key).ok_or(io::Error::from(io::ErrorKind::InvalidFilename))?;
        if wanted.size.is_some_and(|size| size != draft.size) {
            return Err(NotStored::Incomplete);
        }
        let digest = draft.digest.clone().finish();
        if wanted.sha256.is_some_and(|wanted| wanted != BASE64_STANDARD.encode(digest)) {
            return Err(NotStored::BadDigest);
        }
        let meta = Meta {
            size: draft.size,
            etag: BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]),
            content_type: wanted.content_type,
            cache_control: wanted.cache_control,
            stored_at: self.clock.now(),
        };
        draft.file.sync_all()?;
        let _deciding = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        if wanted.only_new && beside(&path).exists() {
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
        let _deciding = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        remove(&path)
    }

    /// Removes what waited too long.
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
                    let _deciding = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
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
    // Its folder, too; where another object stands in it, it stays.
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
