//! The Lambda function `manage-proposals-create-new`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_proposals_create_new::OPERATION)
}
