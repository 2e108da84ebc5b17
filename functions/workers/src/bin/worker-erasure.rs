//! The Lambda function `worker-erasure`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::work(workers::worker_erasure::WORKER)
}
