//! The Lambda function `worker-upkeep`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::work(workers::worker_upkeep::WORKER)
}
