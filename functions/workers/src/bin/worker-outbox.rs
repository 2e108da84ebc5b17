//! The Lambda function `worker-outbox`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::work(workers::worker_outbox::WORKER)
}
