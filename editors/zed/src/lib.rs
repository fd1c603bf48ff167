//! Starts the `cloudworthy` that is on the path of the project.
use zed_extension_api as zed;

struct Cloudworthy;

impl zed::Extension for Cloudworthy {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        _id: &zed::LanguageServerId,
        worktree: &zed::Worktree,
    ) -> zed::Result<zed::Command> {
        let command = worktree
            .which("cloudworthy")
            .ok_or("cloudworthy is not on the path: npm install --global cloudworthy")?;
        Ok(zed::Command {
            command,
            args: vec!["lsp".into(), "--stdio".into()],
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Cloudworthy);
