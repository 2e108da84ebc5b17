//! The Lambda function `manage-proposals-withdraw`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_proposals_withdraw::OPERATION)
}
