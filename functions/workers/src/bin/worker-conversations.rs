//! The Lambda function `worker-conversations`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::work(byline_workers::worker_conversations::WORKER)
}
