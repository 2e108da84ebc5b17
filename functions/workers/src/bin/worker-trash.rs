//! The Lambda function `worker-trash`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::work(workers::worker_trash::WORKER)
}
