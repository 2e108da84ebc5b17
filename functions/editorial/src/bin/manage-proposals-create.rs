//! The Lambda function `manage-proposals-create`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_proposals_create::OPERATION)
}
