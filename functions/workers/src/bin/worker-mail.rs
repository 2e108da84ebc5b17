//! The Lambda function `worker-mail`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::work(workers::worker_mail::WORKER)
}
