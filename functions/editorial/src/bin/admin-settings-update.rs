//! The Lambda function `admin-settings-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::admin_settings_update::OPERATION)
}
