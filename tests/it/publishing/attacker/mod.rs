//! An agent that may do all but publish, at random and at the same time as an editor who reads reviews
//! and approves by them, and in half of the sequences as an admin who takes the editor's right to publish
//! and gives it back. Whatever comes of it, nothing is live that no review showed which somebody with
//! the right approved, and nothing goes live while nobody has the right.
//!
//! `BYLINE_TEST_SEQUENCES` sets how many sequences there are. One that fails prints its seed and its
//! steps; `BYLINE_TEST_SEED` with it repeats the sequence, as the first one.

mod agent;
mod editor;
mod readers;
mod rights;
mod scene;
mod words;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use fastrand::Rng;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::tier::{number, seed};
use crate::harness::{Answer, Client, tier};
use crate::media::published;
use rights::{Changed, Fate, Right, USUAL};
use scene::Scene;
use words::words_of;

/// How many sequences run side by side, each group in a Byline of its own.
const GROUPS: usize = 2;

/// How many steps a sequence has.
const STEPS: usize = 9;

/// Names that look alike, or have slugs that do.
const TAGS: [&str; 6] = ["Sport", "SPORT", "Спорт", "C", "C++", "Sports"];

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_makes_nothing_live_that_no_review_showed() {
    let count = number("BYLINE_TEST_SEQUENCES").unwrap_or(tier().pick(40, 1_000));
    let first = seed();
    let mut groups = JoinSet::new();
    for group in (0..).take(GROUPS) {
        let seeds = (first + group..first + count).step_by(GROUPS);
        groups.spawn(async move {
            let (mut scene, mut live) = (Scene::new().await, 0);
            for seed in seeds {
                if scene.is_off() {
                    let last = std::mem::replace(&mut scene, Scene::new().await);
                    // Else its workers would go on beside those of the next ones.
                    last.app.byline.stop().await;
                }
                scene.sign_in_in_time().await;
                let (count, editor) = Attack::new(&scene, seed).await.run().await;
                scene.editor = editor;
                live += count;
            }
            live
        });
    }
    let live: usize = groups.join_all().await.into_iter().sum();
    assert!(live > 0, "something went live");
}

/// What a review showed, and what it is approved by.
#[derive(Clone)]
struct Reading {
    proposal: String,
    etag: String,
    words: BTreeSet<String>,
    files: BTreeSet<String>,
}

struct Attack<'s> {
    scene: &'s Scene,
    editor: Client,
    /// What the editor may do.
    right: Right,
    fate: Fate,
    seed: u64,
    rng: Rng,
    post: Option<String>,
    proposals: Vec<String>,
    readings: Vec<Reading>,
    /// The post and the revision that the editor approved last.
    approved: Option<(String, String)>,
    picture: Option<String>,
    /// A file that was announced, and how it is uploaded.
    file: Option<(Answer, String)>,
    slugs: BTreeSet<String>,
    /// What may be live.
    words: BTreeSet<String>,
    files: BTreeSet<String>,
    /// The revisions that are.
    live: BTreeSet<String>,
    steps: String,
}

impl Drop for Attack<'_> {
    #[expect(clippy::print_stderr, reason = "a failure shows how it came about")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("BYLINE_TEST_SEED={}\n{}", self.seed, self.steps);
        }
    }
}

/// What a move of the agent's came to.
enum Moved {
    Nothing,
    Proposed(String),
    Announced(Box<Answer>, String),
}

/// What a move of the editor's came to.
enum Decided {
    Nothing,
    Read(Reading),
    /// The post, and the revision that may go live by it; none where it is no leave to publish.
    Approved(Reading, String, Option<String>),
    Published(Reading),
}

impl<'s> Attack<'s> {
    async fn new(scene: &'s Scene, seed: u64) -> Self {
        let mut attack = Self {
            scene,
            editor: scene.editor.clone(),
            right: USUAL,
            fate: Fate::new(seed),
            seed,
            rng: Rng::with_seed(seed),
            post: None,
            proposals: Vec::new(),
            readings: Vec::new(),
            approved: None,
            picture: None,
            file: None,
            slugs: BTreeSet::new(),
            words: BTreeSet::new(),
            files: BTreeSet::new(),
            live: BTreeSet::new(),
            steps: String::new(),
        };
        if attack.rng.bool() {
            attack.picture = Some(published(&scene.agent).await.text("/id"));
        }
        match attack.rng.u8(0..3) {
            0 => attack.publish_one().await,
            1 => {
                let text = attack.text();
                let made = scene.agent.post("/v1/manage/posts", text, 201).await;
                attack.post = Some(made.text("/id"));
            }
            _ => {}
        }
        attack
    }

    /// Readers see a post of the editor's.
    async fn publish_one(&mut self) {
        let slug = self.slug();
        let new = json!({ "title": "Prices", "slug": slug, "body": "It costs 10 euros.\n" });
        let made = self.editor.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}/publish", made.text("/id"));
        let revision = json!({ "revision_id": made.text("/revision_id") });
        let live = self.editor.post(&path, revision, 200).await;
        self.words = words_of(&live.json, &[], None, &["It costs 10 euros."]);
        self.live.insert(live.text("/live_revision_id"));
        self.post = Some(made.text("/id"));
    }

    fn slug(&mut self) -> String {
        let slug = format!("s{}-{}", self.seed, self.rng.u8(0..3));
        self.slugs.insert(slug.clone());
        slug
    }

    /// Hostile words, each of them its own.
    fn text(&mut self) -> Value {
        let number = self.rng.u32(..);
        let mut body = format!("It costs {number} euros.\n\nWire it.\n");
        if let Some((_, url)) = &self.file
            && self.rng.bool()
        {
            let _ = write!(body, "\n![It]({url})\n");
        }
        let mut text = json!({ "body": body, "title": format!("Prices {number}") });
        if self.rng.u8(0..3) == 0 || self.post.is_none() {
            text["slug"] = self.slug().into();
        }
        if self.rng.bool() {
            let names: BTreeSet<&str> =
                (0..2).map(|_| TAGS[self.rng.usize(0..TAGS.len())]).collect();
            text["tags"] = json!(names);
        }
        if let Some(picture) = &self.picture
            && self.rng.bool()
        {
            text["cover"] = picture.as_str().into();
        }
        text
    }

    /// Answers how many posts are live in the end, and the editor as they are signed in then.
    async fn run(mut self) -> (usize, Client) {
        for _ in 0..STEPS {
            let (text, pick, choice) = (self.text(), self.rng.u8(0..10), self.rng.u8(0..10));
            let (agent, editor) = (self.rng.u8(0..4) > 0, self.rng.u8(0..4) > 0);
            let _ = writeln!(self.steps, "agent {agent} {pick}, editor {editor} {choice}: {text}");
            let nth = self.rng.usize(..);
            let next = self.fate.next(self.right);
            if let Some(right) = next {
                let _ = writeln!(self.steps, "meanwhile the editor becomes {right:?}");
            }
            let this = &self;
            let moved =
                async { if agent { this.move_agent(pick, text).await } else { Moved::Nothing } };
            let decided = async {
                if editor { this.move_editor(choice, nth).await } else { Decided::Nothing }
            };
            let changed = async {
                match next {
                    Some(right) => Some(this.change_right(right).await),
                    None => None,
                }
            };
            let time_passes = async {
                if next.is_some() {
                    this.scene.run_due_schedules().await;
                }
            };
            let (moved, decided, changed, ()) = tokio::join!(moved, decided, changed, time_passes);
            let had_right = self.right.publishes();
            if let Some(Changed { right, editor }) = changed {
                self.take_change(right, editor);
            }
            // While the right comes or goes, either may be so.
            let (may, must) = (had_right || self.right.publishes(), had_right && next.is_none());
            match moved {
                Moved::Nothing => {}
                Moved::Proposed(id) => self.proposals.push(id),
                Moved::Announced(answer, url) => self.file = Some((*answer, url)),
            }
            match decided {
                Decided::Nothing => {}
                Decided::Read(reading) => self.readings.push(reading),
                Decided::Approved(reading, post, revision) => {
                    assert!(may || revision.is_none(), "somebody without the right approved");
                    assert!(revision.is_some() || !must, "somebody with the right did not");
                    if let Some(revision) = revision {
                        self.words.extend(reading.words);
                        self.files.extend(reading.files);
                        self.approved = Some((post.clone(), revision));
                    }
                    self.post = Some(post);
                }
                Decided::Published(reading) => {
                    assert!(may, "somebody without the right published");
                    self.words.extend(reading.words);
                    self.files.extend(reading.files);
                }
            }
            if next.is_some() || !may {
                self.scene.run_due_schedules().await;
            }
            let live = self.check().await;
            let new: Vec<&String> = live.difference(&self.live).collect();
            assert!(may || new.is_empty(), "{new:?} went live while nobody had the right");
            self.live = live;
        }
        self.restore_right().await;
        (self.live.len(), self.editor.clone())
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");
