//! `docs/ADD-AN-ENDPOINT.md` and `docs/ADD-A-FIELD.md`, followed literally on a copy of the project.
//!
//! Both pages change one copy, because its build takes minutes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::events::root;
use crate::harness::{cargo, full_only, tools};

/// The pages, and the number of steps that each must have at least.
const PAGES: [(&str, usize); 2] = [("ADD-AN-ENDPOINT.md", 3), ("ADD-A-FIELD.md", 4)];

/// A step of a page, in the order of the page.
enum Step {
    /// ` ```rust file=<path>`: create the file.
    Write { path: String, content: String },
    /// ` ```diff`: apply it.
    Patch(String),
    /// ` ```sh run`: run it in the root of the project.
    Run(String),
}

/// The steps of a page. Other code blocks are for the reader only.
fn steps(page: &str) -> Vec<Step> {
    let page = std::fs::read_to_string(root().join("docs").join(page)).unwrap();
    let blocks = page.split("\n```").filter_map(|block| block.split_once('\n'));
    let step = |(info, content): (&str, &str)| {
        let content = format!("{content}\n");
        match (info, info.strip_prefix("rust file=")) {
            (_, Some(path)) => Some(Step::Write { path: path.to_owned(), content }),
            ("diff", _) => Some(Step::Patch(content)),
            ("sh run", _) => Some(Step::Run(content)),
            _ => None,
        }
    };
    blocks.filter_map(step).collect()
}

/// A copy of the project.
struct Copy {
    folder: PathBuf,
}

impl Copy {
    /// Copies the files that git tracks or would add, so that uncommitted changes count.
    fn new(folder: PathBuf) -> Self {
        let list = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(root())
            .output()
            .unwrap();
        let names = String::from_utf8(list.stdout).unwrap();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            let (from, to) = (root().join(name), folder.join(name));
            if from.is_file() {
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                std::fs::copy(from, to).unwrap();
            }
        }
        // Cargo distinguishes two copies of a workspace by the versions of their packages and not by
        // their folders. With the same version, each would use the other's build.
        let manifest = folder.join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).unwrap();
        let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"");
        std::fs::write(manifest, text.replacen(version, "version = \"0.0.0\"", 1)).unwrap();
        Self { folder }
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.folder.join(path);
        assert!(path.parent().is_some_and(Path::is_dir), "{}: no such folder", path.display());
        std::fs::write(path, content).unwrap();
    }

    fn patch(&self, page: &str, diff: &str) {
        use std::io::Write;
        let mut git = Command::new("git")
            .args(["apply", "-"])
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        git.stdin.take().unwrap().write_all(diff.as_bytes()).unwrap();
        assert!(git.wait().unwrap().success(), "{page}: this diff does not apply:\n{diff}");
    }

    /// Runs a command with the dependencies that this test run has built, and returns its output.
    fn run(&self, command: &str) -> String {
        let _one_at_a_time = cargo::lock();
        let output = Command::new("bash")
            .args(["-eu", "-c", command])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", cargo::target())
            // The copy is built once: an incremental build would only write more.
            .env("CARGO_INCREMENTAL", "0")
            .output()
            .unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {stdout}\n{stderr}");
        stdout
    }

    /// Writes the files and applies the diffs of every page. Returns the commands, each once.
    fn follow_the_pages(&self) -> Vec<String> {
        let mut commands = Vec::new();
        for (page, at_least) in PAGES {
            let steps = steps(page);
            assert!(steps.len() >= at_least, "{page} has only {} steps", steps.len());
            for step in steps {
                match step {
                    Step::Write { path, content } => self.write(&path, &content),
                    Step::Patch(diff) => self.patch(page, &diff),
                    Step::Run(command) if commands.contains(&command) => {}
                    Step::Run(command) => commands.push(command),
                }
            }
        }
        commands
    }
}

#[test]
fn every_step_of_the_guides_applies() {
    if !tools::there_is("git", &["--version"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let commands = Copy::new(folder.path().join("byline")).follow_the_pages();
    assert_eq!(commands, ["cargo gen\n"]);
}

#[test]
fn the_guides_add_an_endpoint_and_a_field() {
    if !full_only("guides::the_guides_add_an_endpoint_and_a_field") {
        return;
    }
    let has = |tool| tools::there_is(tool, &["--version"]);
    if !has("git") || !has("curl") || !has("jq") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = Copy::new(folder.path().join("byline"));
    for command in copy.follow_the_pages() {
        copy.run(&command);
    }
    copy.run("cargo gen --check");
    let answers = copy.run(
        r#"
        log=$(mktemp)
        BYLINE_ADMIN_PASSWORD='four random words here' \
            cargo run --quiet --bin byline -- --memory --port 0 >"$log" &
        trap 'kill %1; wait' EXIT
        until grep -q 'API ' "$log"; do kill -0 %1; sleep 0.1; done
        base=$(awk '/API /{print $2}' "$log")
        send() { curl --silent --show-error --fail-with-body -H 'Content-Type: application/json' "$@"; }

        curl --silent --output /dev/null --write-out '%{http_code}\n' \
            "$base/v1/posts/nothing-here/excerpt"
        curl --silent "$base/openapi.json" | jq -r '.paths["/v1/posts/{slug}/excerpt"].get.operationId'

        token=$(send "$base/v1/auth/login" \
            -d '{"email": "admin@example.com", "password": "four random words here"}' |
            jq -r .access_token)
        auth="Authorization: Bearer $token"
        post=$(send "$base/v1/manage/posts" -H "$auth" \
            -d '{"title": "Hello", "body": "Text.", "subtitle": "A second line"}')
        id=$(jq -r .id <<<"$post")
        jq '{revision_id}' <<<"$post" | send "$base/v1/manage/posts/$id/publish" -H "$auth" -d @- >"$log.out"
        curl --silent "$base/v1/posts/hello" | jq -r .subtitle
        send -X PATCH "$base/v1/manage/posts/$id" -H "$auth" -H 'If-Match: "v2"' \
            -d '{"subtitle": null}' | jq -r .subtitle
        "#,
    );
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers, ["404", "posts-excerpt", "A second line", "null"]);
}
