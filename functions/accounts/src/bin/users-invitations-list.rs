//! The Lambda function `users-invitations-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::users_invitations_list::OPERATION)
}
