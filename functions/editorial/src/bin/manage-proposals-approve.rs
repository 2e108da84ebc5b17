//! The Lambda function `manage-proposals-approve`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_proposals_approve::OPERATION)
}
