//! The Lambda function `docs`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(site::docs::OPERATION)
}
