//! The Lambda function `manage-proposals-reject`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_proposals_reject::OPERATION)
}
