//! Long random stories by several people and an agent, whose rights come and go, every answer held against a
//! model.
//!
//! The seeds of the stories are that of the run and the ones after it. A story that fails prints its
//! own seed and every request up to there: `BYLINE_TEST_SEED` with it repeats the story, as the
//! first one. `BYLINE_TEST_STEPS` makes the stories longer or shorter.

use tokio::task::JoinSet;

use super::world::World;
use crate::harness::tier;
use crate::harness::tier::{number, seed};

/// After how many steps everything is looked at.
const QUIET: u64 = 420;

/// How many posts a world has at most, so that its people meet.
const POSTS: usize = 14;

#[tokio::test(flavor = "multi_thread")]
async fn every_story_goes_as_the_model_says() {
    let steps = number("BYLINE_TEST_STEPS").unwrap_or(tier().pick(250, 840));
    let first = seed();
    let seeds = first..first + tier().pick(2, 20);
    // A few side by side: each waits for its own workers at times.
    let mut stories = JoinSet::new();
    for seed in seeds {
        if stories.len() == 4 {
            stories.join_next().await.unwrap().unwrap();
        }
        stories.spawn(story(seed, steps));
    }
    while let Some(told) = stories.join_next().await {
        told.unwrap();
    }
}

async fn story(seed: u64, steps: u64) {
    let mut world = World::new(seed).await;
    for step in 1..=steps {
        world.advance(1).await;
        world.step().await;
        if step % QUIET == 0 || step == steps {
            world.check_all().await;
        }
    }
    world.check_summaries().await;
}

impl World {
    async fn step(&mut self) {
        self.change_rights().await;
        let actor = self.actor();
        let count = self.model.posts.len();
        if let Some(no) = self.refusal(actor) {
            return self.try_in_vain(actor, no).await;
        }
        if count == 0 {
            return self.create(actor).await;
        }
        let post = self.rng.usize(0..count);
        let room = count < POSTS;
        match self.rng.u8(0..100) {
            0..5 if room => self.create(actor).await,
            5..7 if room => self.create_over_mcp(actor).await,
            7..9 if room => self.duplicate(actor, post).await,
            9..11 => self.propose_new(actor).await,
            0..28 => self.edit(actor, post).await,
            28..32 => self.restore_revision(actor, post).await,
            32..50 => self.publish(actor, post).await,
            50..55 => self.unpublish(actor, post).await,
            55..62 => self.schedule(actor, post).await,
            62..65 => self.unschedule(actor, post).await,
            67..69 => self.describe(actor).await,
            65..67 => {
                let seconds = self.rng.i64(5..30);
                self.advance(seconds).await;
            }
            69..73 => self.trash(actor, post).await,
            73..78 => self.restore(actor, post).await,
            78..85 | 96..98 => self.propose_change(actor, post).await,
            85..92 => self.approve(actor).await,
            92..93 => self.end(actor, "reject").await,
            93..95 => self.end(actor, "withdraw").await,
            95..96 => self.create_tag(actor).await,
            _ => self.change_tags(actor).await,
        }
    }
}
