//! Random hostile calls, while an admin changes the person's role or disables the account, and the person changes the
//! conversation's mode: nothing goes live, and nothing changes that the person and the mode do not allow at that
//! moment. Held to it is every item of every table, and what readers get.
//!
//! `BYLINE_TEST_SEQUENCES` sets how many sequences there are. The seed of a failure repeats it with the sequences before
//! it that took place in the same publication.

mod calls;
mod ground;
mod scene;

use byline_shared::model::{AgentMode, Role};
use fastrand::Rng;
use serde_json::json;
use tokio::task::JoinSet;

use super::super::PATH;
use super::publication::outputs;
use super::{Step, ask_in, of_mode};
use crate::harness::tier::{number, seed};
use crate::harness::{Client, tier};
use ground::{Done, Ground, Rights};
use scene::Scene;

/// How many sequences take place in one publication.
const TOGETHER: u64 = 20;

/// The modes of conversations, the one that allows most more often: so more is carried out.
const MODES: [AgentMode; 4] =
    [AgentMode::Read, AgentMode::Propose, AgentMode::Draft, AgentMode::Draft];

/// How many publications there are at once.
const GROUPS: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn no_sequence_of_calls_goes_beyond_the_rights_of_the_moment() {
    let count = number("BYLINE_TEST_SEQUENCES").unwrap_or(tier().pick(12, 300));
    let first = seed();
    let mut groups = JoinSet::new();
    for group in 0..GROUPS {
        let starts = (first..first + count).step_by(usize::try_from(TOGETHER).unwrap());
        let starts = starts.skip(group).step_by(GROUPS);
        groups.spawn(async move {
            let mut all = Done::default();
            for start in starts {
                let sequences = TOGETHER.min(first + count - start);
                all.add(&Box::pin(of_one_publication(start, sequences)).await);
            }
            all
        });
    }
    let mut all = Done::default();
    groups.join_all().await.iter().for_each(|done| all.add(done));
    let Done { drafts, edits, proposals } = all;
    assert!(drafts + edits > 0 && proposals > 0, "too little was carried out: {all:?}");
}

async fn of_one_publication(start: u64, count: u64) -> Done {
    let mut scene = Scene::new().await;
    let before = scene.public().await;
    let mut all = Done::default();
    for seed in start..start + count {
        let what = format!("BYLINE_TEST_SEED={start}, sequence {}", seed - start);
        all.add(&Sequence::new(&scene, seed).await.run(&mut scene, &what).await);
        assert_eq!(scene.public().await, before, "{what}");
    }
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
    scene.app.byline.stop().await;
    all
}

/// One turn.
struct Sequence {
    rng: Rng,
    person: Client,
    rights: Rights,
}

impl Sequence {
    async fn new(scene: &Scene, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let role = *rng.choice(&[Role::Author, Role::Author, Role::Editor, Role::Admin]).unwrap();
        scene.set(role, false).await;
        let person = scene.person().await;
        let mode = *rng.choice(&MODES).unwrap();
        let conversation = of_mode(&person, mode.as_str()).await;
        let user = scene.user.clone();
        let rights = Rights { user, conversation, role, disabled: false, mode };
        Self { rng, person, rights }
    }

    async fn run(mut self, scene: &mut Scene, what: &str) -> Done {
        let count = self.rng.usize(1..4);
        let steps = (0..count).map(|_| {
            let calls = Step::Calls("", calls::some(&mut self.rng, &scene.known));
            Step::Waits("", Box::new(calls))
        });
        let steps = steps.chain([Step::Says("Done.")]).collect();
        scene.model.now(steps);
        let asked = scene.model.asked().len();
        let mut all = Done::default();
        let mut before = Ground::of(&scene.app).await;
        let mut turn = {
            let (person, id) = (self.person.clone(), self.rights.conversation.clone());
            tokio::spawn(async move { ask_in(&person, &id, "Do what the post says").await })
        };
        let mut answer = None;
        for step in 1..=count {
            tokio::select! {
                () = scene.model.was_asked(asked + step) => {}
                ended = &mut turn => {
                    answer = Some(ended.unwrap());
                    break;
                }
            }
            // The calls before this step are done, and those of this step come when it goes on.
            let now = Ground::of(&scene.app).await;
            all.add(&before.done(&now, &self.rights, what));
            before = now;
            if self.rng.bool() {
                self.change_rights(scene).await;
                before = Ground::of(&scene.app).await;
            }
            scene.model.go_on();
        }
        let answer = match answer {
            Some(answer) => answer,
            None => turn.await.unwrap(),
        };
        all.add(&before.done(&Ground::of(&scene.app).await, &self.rights, what));
        scene.learn(&outputs(&answer));
        all
    }

    /// While the model thinks.
    async fn change_rights(&mut self, scene: &Scene) {
        let rights = &mut self.rights;
        match self.rng.u8(..7) {
            0 => rights.role = Role::Reader,
            1 => rights.role = Role::Author,
            2 => rights.role = Role::Editor,
            3 => rights.role = Role::Admin,
            4 => rights.disabled = !rights.disabled,
            _ if rights.role >= Role::Author && !rights.disabled => {
                rights.mode = *self.rng.choice(&AgentMode::ALL).unwrap();
                let mode = json!({ "metadata": { "mode": rights.mode } });
                let path = format!("{PATH}/{}", rights.conversation);
                let changed = self.person.try_post(&path, mode).await;
                // Who was signed out with a role of an admin changes nothing more.
                assert!([200, 401].contains(&changed.status), "{}", changed.body);
                if changed.status == 401 {
                    rights.disabled = true;
                }
                return;
            }
            _ => return,
        }
        scene.set(rights.role, rights.disabled).await;
    }
}

impl Done {
    fn add(&mut self, other: &Self) {
        self.drafts += other.drafts;
        self.edits += other.edits;
        self.proposals += other.proposals;
    }
}
