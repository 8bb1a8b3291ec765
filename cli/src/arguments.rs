//! What can be typed. No secret is ever an argument: other users of a machine can read those.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Sets up and checks Okta Org2Org: bookmark URLs, user lists, keys, checklists.
#[derive(Parser)]
#[command(name = "org2org", version, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The tools.
#[derive(Subcommand)]
pub enum Command {
    /// Bookmark URLs that open a target app from the source org.
    #[command(subcommand)]
    Bookmark(BookmarkCommand),
    /// Key credentials to a JWKS for a service app.
    #[command(subcommand)]
    Jwks(JwksCommand),
    /// Read both orgs and print what would be written; nothing is.
    Plan(LiveArguments),
    /// Write what the plan says, and prove it.
    Apply(ConsentArguments),
    /// Read both orgs and print how each step stands.
    Check(LiveArguments),
    /// Take back what earlier runs of this wish made.
    Undo(ConsentArguments),
    /// The steps of a procedure, with where and how they are done by hand.
    Steps(StepsArguments),
    /// Okta's Password Health report to active users.
    #[command(subcommand)]
    Users(UsersCommand),
}

/// Work on bookmark URLs.
#[derive(Subcommand)]
pub enum BookmarkCommand {
    /// Join a sign-on URL and an embed link.
    Build(BuildArguments),
    /// Say what a URL is, where a click on it ends, and why perhaps on the dashboard.
    Explain(ExplainArguments),
}

/// `bookmark build`
#[derive(Args)]
pub struct BuildArguments {
    /// IdP single sign-on URL of the Org2Org app in the source org; ends in /sso/saml.
    #[arg(long, value_name = "URL")]
    pub sso_url: String,
    /// Embed link of the app in the target org.
    #[arg(long, value_name = "URL")]
    pub embed_link: String,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `bookmark explain`
#[derive(Args)]
pub struct ExplainArguments {
    /// Any URL of an Okta org.
    pub url: String,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Work on keys.
#[derive(Subcommand)]
pub enum JwksCommand {
    /// Print a JWKS with public members only; the account goes to standard error.
    Format(FormatArguments),
}

/// `jwks format`
#[derive(Args)]
pub struct FormatArguments {
    /// Key credentials as the API lists them, a JWKS, or one JWK; - for standard input.
    pub file: PathBuf,
    /// Give keys without kid their RFC 7638 thumbprint as kid.
    #[arg(long)]
    pub kid_from_thumbprint: bool,
    /// Keys already in use where the JWKS goes: the same key is named.
    #[arg(long, value_name = "FILE")]
    pub live: Option<PathBuf>,
    /// How the account is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What every command over a pair of orgs takes. Tokens come from standard input, the source's in
/// the first line and the target's in the second, or each from a file of its own.
#[derive(Args)]
pub struct LiveArguments {
    /// What is wanted, as TOML.
    #[arg(long, value_name = "FILE")]
    pub wish: PathBuf,
    /// The org that people sign in to, e.g. https://acme.okta.com
    #[arg(long, value_name = "URL")]
    pub source: String,
    /// The org that holds the apps, e.g. https://hub.okta.com
    #[arg(long, value_name = "URL")]
    pub target: String,
    /// File with an API token of the source; nobody else may be able to read it.
    #[arg(long, value_name = "FILE", requires = "target_token_file")]
    pub source_token_file: Option<PathBuf>,
    /// File with an API token of the target; nobody else may be able to read it.
    #[arg(long, value_name = "FILE", requires = "source_token_file")]
    pub target_token_file: Option<PathBuf>,
    /// Where the journal is kept; beside the wish with the ending `.journal` when not given.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Connect here whatever the org's name resolves to: for the lab.
    #[arg(long, value_name = "HOST:PORT", requires = "ca")]
    pub connect: Option<std::net::SocketAddr>,
    /// Trust this certificate (PEM) and no other: for the lab.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `apply` and `undo`
#[derive(Args)]
pub struct ConsentArguments {
    /// What every live command takes.
    #[command(flatten)]
    pub live: LiveArguments,
    /// Do not ask: agree to whatever the plan says.
    #[arg(long, conflicts_with = "plan")]
    pub yes: bool,
    /// Agree to the plan with this id, printed by an earlier run, and to no other.
    #[arg(long, value_name = "ID")]
    pub plan: Option<String>,
}

/// `steps`
#[derive(Args)]
pub struct StepsArguments {
    /// Only this procedure.
    pub procedure: Option<String>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// Work on user lists.
#[derive(Subcommand)]
pub enum UsersCommand {
    /// Keep the rows of active users, byte for byte; the account goes to standard error.
    Active(ActiveArguments),
}

/// `users active`
#[derive(Args)]
pub struct ActiveArguments {
    /// The Password Health report; - for standard input.
    pub file: PathBuf,
    /// Write here instead of standard output; nothing is left behind when it fails.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the output file when it exists.
    #[arg(long, requires = "output")]
    pub force: bool,
    /// What separates the cells; Okta's import wants commas.
    #[arg(long, value_enum, default_value_t)]
    pub separator: Separator,
    /// How the account is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// For people or for programs.
#[derive(Clone, Copy, Default, PartialEq, ValueEnum)]
pub enum Format {
    /// Lines to read.
    #[default]
    Text,
    /// One JSON value.
    Json,
}

/// For people, programs or documents.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum ListFormat {
    /// Lines to read.
    #[default]
    Text,
    /// One JSON value.
    Json,
    /// Boxes to tick.
    Markdown,
}

/// What stands between cells.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Separator {
    /// `,`
    #[default]
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Bar,
}

impl Separator {
    /// The byte in the file.
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }
}
