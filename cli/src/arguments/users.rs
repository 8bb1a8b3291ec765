//! What the commands over user lists take.

use clap::{Args, Subcommand, ValueEnum};
use org2org_core::users::Encoding;
use std::path::PathBuf;

use super::{Format, Reach, pair};

/// Work on user lists.
#[derive(Subcommand)]
pub enum UsersCommand {
    /// Keep the rows of active users, byte for byte; the account goes to standard error.
    Active(ActiveArguments),
    /// Check an import file against the target before it is uploaded; writes a corrected copy if asked to.
    Check(CheckArguments),
    /// Make the accounts of an import file in the target by its API, and prove each; no upload is needed.
    Create(CreateArguments),
    /// Make the target's import file of a report; the account goes to standard error.
    Import(ImportArguments),
    /// Make a copy that is safe to open in a spreadsheet, and not to be imported.
    View(ViewArguments),
}

/// What is read.
#[derive(Args)]
pub struct Input {
    /// The file; - for standard input.
    pub file: PathBuf,
    /// What separates the cells.
    #[arg(long, value_enum, default_value_t)]
    pub separator: Separator,
    /// Convert from this encoding: utf-8, utf-16le, utf-16be or windows-1252.
    #[arg(long, value_parser = encoding, default_value = "utf-8", hide_possible_values = true)]
    pub encoding: Encoding,
}

fn encoding(name: &str) -> Result<Encoding, String> {
    Encoding::parse(name).ok_or_else(|| {
        let names = Encoding::ALL.map(|encoding| encoding.label().to_lowercase());
        format!("it is none of {}", names.join(", "))
    })
}

/// Where the result goes.
#[derive(Args)]
pub struct Output {
    /// Write here instead of standard output; nothing is left behind when it fails.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the output file when it exists.
    #[arg(long, requires = "output")]
    pub force: bool,
    /// How the account is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What the target wants of an import file: the usual attributes when nothing is named.
#[derive(Args)]
pub struct Wanted {
    /// The template of the target's import dialog.
    #[arg(long, value_name = "FILE", conflicts_with = "schema")]
    pub template: Option<PathBuf>,
    /// The answer of the target's GET /api/v1/meta/schemas/user/default.
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
}

/// `users active`
#[derive(Args)]
pub struct ActiveArguments {
    /// The Password Health report.
    #[command(flatten)]
    pub input: Input,
    /// The kept rows.
    #[command(flatten)]
    pub output: Output,
}

/// `users create`
#[derive(Args)]
pub struct CreateArguments {
    /// The import file.
    #[command(flatten)]
    pub input: Input,
    /// What the target wants.
    #[command(flatten)]
    pub wanted: Wanted,
    /// The org that gets the accounts, e.g. https://hub.okta.com
    #[arg(long, value_name = "URL")]
    pub target: String,
    /// A file that only you can read, with the target's token in it; else it comes from standard input.
    #[arg(long, value_name = "FILE")]
    pub target_token_file: Option<PathBuf>,
    /// A group that every account is in from the start; can be given several times.
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,
    /// The identity provider to link every account to, where it allows that.
    #[arg(long, value_name = "NAME")]
    pub idp: Option<String>,
    /// The column with what the identity provider calls each person; the login when it is not given.
    #[arg(long, value_name = "COLUMN", requires = "idp")]
    pub external_id: Option<String>,
    /// Make accounts that are not active yet.
    #[arg(long)]
    pub staged: bool,
    /// Where the journal is kept; beside the file when it is not given. It names rows, and no people.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Do not ask: agree to whatever the plan says.
    #[arg(long, conflicts_with = "plan")]
    pub yes: bool,
    /// Agree to the plan with this id, printed by an earlier run, and to no other.
    #[arg(long, value_name = "ID")]
    pub plan: Option<String>,
    /// How plan and report are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: RowsFormat,
    /// How the org is reached.
    #[command(flatten)]
    pub reach: Reach,
}

/// How what became of rows is printed.
#[derive(Clone, Copy, Default, PartialEq, ValueEnum)]
pub enum RowsFormat {
    /// The counts, and the rows of which there is more to say.
    #[default]
    Text,
    /// Every row: line, login, state, id, link, why.
    Csv,
    /// The same as JSON.
    Json,
}

/// `users import`
#[derive(Args)]
pub struct ImportArguments {
    /// The Password Health report.
    #[command(flatten)]
    pub input: Input,
    /// The import file.
    #[command(flatten)]
    pub output: Output,
    /// The header.
    #[command(flatten)]
    pub wanted: Wanted,
    /// A CSV file with login, firstName, lastName and perhaps email: better than the guess from the display name.
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,
    /// Put this behind every login.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub login_suffix: String,
    /// Take the login, without suffix, as e-mail address where no other is known.
    #[arg(long)]
    pub email_from_login: bool,
    /// The same value for everybody; can be given several times.
    #[arg(long, value_name = "ATTRIBUTE=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// The same user type for everybody: --set userType=…
    #[arg(long, value_name = "TYPE")]
    pub user_type: Option<String>,
    /// The group they shall be in: named in the account, since an import file carries no groups.
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// What to do with rows that repeat a login, whatever its case or Unicode form.
    #[arg(long, value_enum, default_value_t)]
    pub duplicates: DuplicatesChoice,
}

/// What to do with rows that repeat a login.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum DuplicatesChoice {
    /// Write nothing.
    #[default]
    Block,
    /// The first row counts.
    KeepFirst,
}

/// `users check`
#[derive(Args)]
pub struct CheckArguments {
    /// The import file.
    #[command(flatten)]
    pub input: Input,
    /// What the target wants.
    #[command(flatten)]
    pub wanted: Wanted,
    /// The answers of the target's GET /api/v1/users, one after the other.
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    /// Write the corrected copy here.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the output file when it exists.
    #[arg(long, requires = "output")]
    pub force: bool,
    /// How the findings are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `users view`
#[derive(Args)]
pub struct ViewArguments {
    /// Any CSV file.
    #[command(flatten)]
    pub input: Input,
    /// The copy.
    #[command(flatten)]
    pub output: Output,
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
