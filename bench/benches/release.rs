//! The release binaries under measurement.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Error;
use crate::sizes;

/// The folder that the release binaries are in.
pub(crate) struct Binaries {
    folder: PathBuf,
}

/// Builds them, all in one go as a build of the workspace does. `BYLINE_BENCH_BINARIES` names a folder with
/// binaries that exist already, such as those of another profile.
pub(crate) fn build() -> Result<Binaries, Error> {
    if let Some(folder) = std::env::var_os("BYLINE_BENCH_BINARIES") {
        return Ok(Binaries { folder: folder.into() });
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .current_dir(&root)
        .args(["build", "--release", "--features", "byline-bench/floors"])
        .args(["--package", "byline-bench", "--bin", "floor-noop", "--bin", "floor-get-item"])
        .args(["--package", "byline-posts", "--bin", "posts-read"])
        .args(["--package", "byline-mcp", "--bin", "mcp"])
        .args(["--package", "byline-desk", "--bin", "desk-queue", "--bin", "desk-proposal"])
        .args(["--package", "byline-desk", "--bin", "desk-post", "--bin", "desk-sign-in"])
        .args(["--package", "byline-conversations"])
        .args(sizes::functions()?.iter().flat_map(|name| ["--bin", name.as_str()]))
        .args(["--package", "byline-local", "--bin", "byline"])
        .stdout(Stdio::null())
        .status()?;
    if !status.success() {
        return Err(format!("cargo build ended with {status}").into());
    }
    // This executable is at <target>/release/deps/<name>.
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(3).ok_or("the benchmark runs outside a target folder")?;
    Ok(Binaries { folder: target.join("release") })
}

impl Binaries {
    /// Where a binary is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The size of a binary as it is uploaded, in bytes.
    pub(crate) fn gzipped(&self, name: &str) -> Result<usize, Error> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&std::fs::read(self.path(name))?)?;
        Ok(encoder.finish()?.len())
    }
}
