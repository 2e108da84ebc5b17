//! The Lambda function `desk-account-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_account_delete::OPERATION)
}
