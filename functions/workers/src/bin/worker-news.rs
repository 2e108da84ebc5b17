//! The Lambda function `worker-news`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::work(byline_workers::worker_news::WORKER)
}
