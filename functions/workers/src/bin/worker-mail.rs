//! The Lambda function `worker-mail`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::work(byline_workers::worker_mail::WORKER)
}
