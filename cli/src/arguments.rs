//! What can be typed. No secret is ever an argument: other users of a machine can read those.

mod handoff;
mod live;
mod users;

pub use handoff::*;
pub use live::*;
pub use users::*;

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
    /// The smallest roles and scopes for a wish, and where Okta's documents differ; no org is read.
    Advise(AdviseArguments),
    /// Read both orgs and print what would be written; nothing is.
    Plan(LiveArguments),
    /// Write what the plan says, and prove it.
    Apply(ConsentArguments),
    /// Read both orgs and print how each step stands.
    Check(LiveArguments),
    /// Take back what earlier runs of this wish made.
    Undo(ConsentArguments),
    /// Read both orgs and tell what is wrong with their link, whoever set it up.
    Doctor(DoctorArguments),
    /// Follow one person from the source to the target's apps and tell where the way ends; nothing is written.
    TestUser(TestUserArguments),
    /// What both System Logs say of one person or group, on one axis; nothing is written.
    Timeline(TimelineArguments),
    /// What happens to a person's account under some settings, event by event, each with its source.
    Lifecycle(LifecycleArguments),
    /// Set up a link where no one person has both orgs: a signed file goes to and fro.
    #[command(subcommand)]
    Handoff(HandoffCommand),
    /// The manual page, as roff.
    Man,
    /// What a shell needs to complete these words.
    Completions(CompletionsArguments),
    /// Papers about what was done, out of the journal beside a wish: nothing is read from any org.
    Report(ReportArguments),
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
    /// Join every sign-on URL of one list with every embed link of another.
    BuildAll(BuildAllArguments),
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

/// `bookmark build-all`
#[derive(Args)]
pub struct BuildAllArguments {
    /// IdP single sign-on URLs, one per line, one for each source org.
    #[arg(long, value_name = "FILE")]
    pub sso_urls: PathBuf,
    /// Embed links, one per line, or a table with a label beside each; - for standard input.
    #[arg(long, value_name = "FILE")]
    pub embed_links: PathBuf,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
}

/// For spreadsheets or for programs.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum TableFormat {
    /// label, source, target, url
    #[default]
    Csv,
    /// One JSON value.
    Json,
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
    /// What is new, gone, or the same in the second set of keys; findings when they differ.
    Compare(CompareArguments),
    /// Print a JWKS with public members only; the account goes to standard error.
    Format(FormatArguments),
}

/// `jwks compare`
#[derive(Args)]
pub struct CompareArguments {
    /// The keys in use now, in any form that `jwks format` reads; - for standard input.
    pub live: PathBuf,
    /// The keys that shall be in use.
    pub wanted: PathBuf,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What `jwks format` prints.
#[derive(Clone, Copy, Default, PartialEq, ValueEnum)]
pub enum KeyForm {
    /// The JWKS that a service app takes.
    #[default]
    Jwks,
    /// The certificate of the one key, in PEM, for the console of an identity provider.
    Pem,
    /// The certificate of the one key, as POST /api/v1/idps/credentials/keys takes it.
    X5c,
}

/// `jwks format`
#[derive(Args)]
pub struct FormatArguments {
    /// Key credentials as the API lists them, a JWKS, one JWK, a public key or a certificate; - for standard input.
    pub file: PathBuf,
    /// What is printed.
    #[arg(long = "as", value_enum, default_value_t)]
    pub form: KeyForm,
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

/// `completions`
#[derive(Args)]
pub struct CompletionsArguments {
    /// For which shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `report`
#[derive(Args)]
pub struct ReportArguments {
    /// Which paper.
    #[arg(value_enum)]
    pub paper: PaperKind,
    /// The wish file; the journal stands beside it.
    #[arg(long, value_name = "FILE")]
    pub wish: PathBuf,
    /// The journal, if it is kept elsewhere.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// The source org, to be named in the paper.
    #[arg(long, value_name = "URL")]
    pub source: String,
    /// The target org, to be named in the paper.
    #[arg(long, value_name = "URL")]
    pub target: String,
    /// Write out names, values and ids of people too. Secrets and logins are in no journal.
    #[arg(long)]
    pub whole: bool,
    /// How the paper is written; Markdown when left out. A file of Terraform has its one form.
    #[arg(long, value_enum)]
    pub format: Option<PaperForm>,
}

/// A paper.
#[derive(Clone, Copy, ValueEnum)]
pub enum PaperKind {
    /// For the security teams: what they will see in their System Logs.
    ChangeNotice,
    /// What was sent, what came of it, what proves it.
    Evidence,
    /// How the link is kept, checked and taken back.
    Runbook,
    /// What was made, for the Terraform provider okta/okta, each with its import block.
    Terraform,
}

/// A form of a paper.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum PaperForm {
    /// A document of its own, to print.
    Html,
    /// One JSON value.
    Json,
    /// Text with marks.
    #[default]
    Markdown,
}

/// `steps`
#[derive(Args)]
pub struct StepsArguments {
    /// Only this procedure.
    pub procedure: Option<String>,
    /// The source org, to be named in the list.
    #[arg(long, value_name = "URL")]
    pub source: Option<String>,
    /// The target org, to be named in the list.
    #[arg(long, value_name = "URL")]
    pub target: Option<String>,
    /// A value to be filled in; a wrong id is answered with all of them. Can be given several times.
    #[arg(long, value_name = "ID=VALUE", value_parser = pair)]
    pub value: Vec<(String, String)>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: StepsFormat,
}

/// As a list, or as a document of its own.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum StepsFormat {
    /// Lines to read.
    #[default]
    Text,
    /// A document with boxes to tick, to print.
    Html,
    /// One JSON value.
    Json,
    /// Boxes to tick.
    Markdown,
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

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("it needs a name, an equals sign and a value".to_owned()),
    }
}
