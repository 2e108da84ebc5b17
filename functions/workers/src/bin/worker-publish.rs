//! The Lambda function `worker-publish`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::work(workers::worker_publish::WORKER)
}
