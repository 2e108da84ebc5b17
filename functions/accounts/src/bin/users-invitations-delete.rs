//! The Lambda function `users-invitations-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::users_invitations_delete::OPERATION)
}
