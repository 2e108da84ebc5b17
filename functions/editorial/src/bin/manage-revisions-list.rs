//! The Lambda function `manage-revisions-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_revisions_list::OPERATION)
}
