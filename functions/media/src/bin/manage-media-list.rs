//! The Lambda function `manage-media-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_media::manage_media_list::OPERATION)
}
