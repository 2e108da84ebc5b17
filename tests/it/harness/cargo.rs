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

/// A binary of the project. All are built at the first call, and kept aside under other names
/// than cargo's, so that no later build changes them under a test.
pub(crate) fn binary(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let folder = BUILT.get_or_init(build);
    folder.join(name)
}

fn build() -> PathBuf {
    let _one_at_a_time = lock();
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--exclude", "bench", "--bins"])
        .current_dir(root())
        .env("CARGO_TARGET_DIR", target())
        .status()
        .unwrap();
    assert!(status.success(), "the binaries do not build");
    let kept = target().join("it-binaries");
    let _ = std::fs::remove_dir_all(&kept);
    std::fs::create_dir_all(&kept).unwrap();
    let mut names: Vec<String> =
        byline_local::operations().iter().map(|operation| operation.name.to_owned()).collect();
    names.extend(byline_local::workers().iter().map(|worker| worker.name.to_owned()));
    names.extend(["byline", "gen"].map(str::to_owned));
    for name in names {
        let built = target().join("debug").join(&name);
        keep(&built, &kept.join(&name));
    }
    kept
}

/// A link where that works, else a copy.
fn keep(from: &Path, to: &Path) {
    let kept = std::fs::hard_link(from, to).or_else(|_| std::fs::copy(from, to).map(|_| ()));
    kept.unwrap_or_else(|error| panic!("{}: {error}", from.display()));
}
