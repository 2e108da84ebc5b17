//! The project's own binaries, built once per test run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::events::root;

/// One cargo at a time: builds of two copies of the project would overwrite each other's binaries.
pub(crate) fn lock() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The target folder that this test runs from.
pub(crate) fn target() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    // target/<profile>/deps/it-<hash>
    test.ancestors().nth(3).unwrap().to_owned()
}

/// `byline` or `gen`, built at the first call and kept aside under another name than cargo's, so that
/// no later build changes it under a test.
pub(crate) fn binary(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let names = ["byline", "gen"].map(str::to_owned);
        build(&["--bin", "byline", "--bin", "gen"], "it-binaries", &names)
    });
    folder.join(name)
}

/// The binary of a Lambda function. All are linked at the first call, which only the full tier can
/// afford.
pub(crate) fn function(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let operations = byline_local::operations();
        let workers = byline_local::workers();
        let urls = byline_local::function_urls();
        let names = operations.iter().map(|operation| operation.name);
        let names = names.chain(urls.iter().map(|url| url.fallback.name));
        let names = names.chain(workers.iter().map(|worker| worker.name));
        let names: Vec<String> = names.map(str::to_owned).collect();
        build(&["--workspace", "--exclude", "byline-bench", "--bins"], "it-functions", &names)
    });
    folder.join(name)
}

fn build(which: &[&str], folder: &str, names: &[String]) -> PathBuf {
    let _one_at_a_time = lock();
    // Without `--package`, so that the dependencies are those of this test.
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet"])
        .args(which)
        .current_dir(root())
        .env("CARGO_TARGET_DIR", target())
        .status()
        .unwrap();
    assert!(status.success(), "the binaries do not build");
    let kept = target().join(folder);
    let _ = std::fs::remove_dir_all(&kept);
    std::fs::create_dir_all(&kept).unwrap();
    for name in names {
        keep(&target().join("debug").join(name), &kept.join(name));
    }
    kept
}

/// A link where that works, else a copy.
fn keep(from: &Path, to: &Path) {
    let kept = std::fs::hard_link(from, to).or_else(|_| std::fs::copy(from, to).map(|_| ()));
    kept.unwrap_or_else(|error| panic!("{}: {error}", from.display()));
}
