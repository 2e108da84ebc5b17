//! The Lambda function `worker-keys`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::work(workers::worker_keys::WORKER)
}
