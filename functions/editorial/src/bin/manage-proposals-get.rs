//! The Lambda function `manage-proposals-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_proposals_get::OPERATION)
}
