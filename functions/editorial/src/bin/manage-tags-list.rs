//! The Lambda function `manage-tags-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_tags_list::OPERATION)
}
