//! What the commands of a hand-off take.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

use super::{Consent, Format, Reach};

/// Set up a link where no one person has both orgs.
#[derive(Subcommand)]
pub enum HandoffCommand {
    /// Read your org and write the first file, for the admin of the other org; nothing else is written.
    Make(MakeArguments),
    /// Say what a file holds, and the digits to compare by voice; no org is read.
    Check(LookArguments),
    /// Write your half of what a file from the other admin asks for, prove it, and write the receipt.
    Apply(HandedArguments),
    /// Read your org and write the receipt for a file; nothing else is written.
    Receipt(HandedArguments),
}

/// An org, as one of two.
#[derive(Clone, Copy, ValueEnum)]
pub enum OrgSide {
    /// The org that people sign in to.
    Source,
    /// The org that holds the apps.
    Target,
}

/// Your org alone. Its token comes from the first line of standard input, or from a file.
#[derive(Args)]
pub struct Own {
    /// File with an API token of your org; nobody else may be able to read it.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Where your key for this hand-off is kept, and which files it made and took; made when it is not there. Keep it to yourself.
    #[arg(long, value_name = "FILE")]
    pub keep: PathBuf,
    /// Where the journal is kept; beside the key with the ending `.journal` when not given.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// The file to write, for the other admin.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace that file when it is there.
    #[arg(long)]
    pub force: bool,
    /// How the org is reached.
    #[command(flatten)]
    pub reach: Reach,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `handoff make`
#[derive(Args)]
pub struct MakeArguments {
    /// What is wanted, as TOML; names in the other org are looked up by its admin.
    #[arg(long, value_name = "FILE")]
    pub wish: PathBuf,
    /// Which of the two orgs is yours.
    #[arg(long, value_enum)]
    pub side: OrgSide,
    /// The org that people sign in to, e.g. https://acme.okta.com
    #[arg(long, value_name = "URL")]
    pub source: String,
    /// The org that holds the apps, e.g. https://hub.okta.com
    #[arg(long, value_name = "URL")]
    pub target: String,
    /// Your org.
    #[command(flatten)]
    pub own: Own,
}

/// `handoff check`
#[derive(Args)]
pub struct LookArguments {
    /// The file from the other admin.
    pub file: PathBuf,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `handoff apply` and `handoff receipt`
#[derive(Args)]
pub struct HandedArguments {
    /// The file from the other admin.
    pub file: PathBuf,
    /// The thirty digits that the other admin read out, the first time; kept from then on.
    #[arg(long, value_name = "DIGITS")]
    pub trust: Option<String>,
    /// Your org.
    #[command(flatten)]
    pub own: Own,
    /// How you agree.
    #[command(flatten)]
    pub consent: Consent,
}
