//! The Lambda function `manage-proposals-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_proposals_list::OPERATION)
}
