//! What can be typed. No secret is ever an argument: other users of a machine can read those.

use clap::{Args, Parser, Subcommand, ValueEnum};
use org2org_core::doctor::joined::MOST_DAYS;
use org2org_core::run::InitialStatus;
use org2org_core::users::Encoding;
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
    /// Read both orgs and tell what is wrong with their link, whoever set it up.
    Doctor(DoctorArguments),
    /// Follow one person from the source to the target's apps and tell where the way ends; nothing is written.
    TestUser(TestUserArguments),
    /// What both System Logs say of one person or group, on one axis; nothing is written.
    Timeline(TimelineArguments),
    /// What happens to a person's account under some settings, event by event, each with its source.
    Lifecycle(LifecycleArguments),
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
    /// How the orgs are reached.
    #[command(flatten)]
    pub reach: Reach,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `doctor`. Tokens come from standard input, one line for each source in their order and then the
/// target's, or each from a file of its own.
#[derive(Args)]
pub struct DoctorArguments {
    /// An org that people sign in to, e.g. https://acme.okta.com; can be given several times.
    #[arg(long, value_name = "URL", required = true)]
    pub source: Vec<String>,
    /// The org that holds the apps, e.g. https://hub.okta.com
    #[arg(long, value_name = "URL")]
    pub target: String,
    /// File with an API token of a source, as often as --source and in the same order; nobody else may be able to read it.
    #[arg(long, value_name = "FILE", requires = "target_token_file")]
    pub source_token_file: Vec<PathBuf>,
    /// File with an API token of the target; nobody else may be able to read it.
    #[arg(long, value_name = "FILE", requires = "source_token_file")]
    pub target_token_file: Option<PathBuf>,
    /// Look at every assignment of the app, not only at the first 500.
    #[arg(long)]
    pub whole: bool,
    /// How the orgs are reached.
    #[command(flatten)]
    pub reach: Reach,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// Two orgs to be read. Tokens come from standard input, the source's in the first line and the
/// target's in the second, or each from a file of its own.
#[derive(Args)]
pub struct Two {
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
    /// How the orgs are reached.
    #[command(flatten)]
    pub reach: Reach,
}

/// `test-user`
#[derive(Args)]
pub struct TestUserArguments {
    /// The person's user name in the source.
    #[arg(long, value_name = "USERNAME")]
    pub login: String,
    /// Which orgs.
    #[command(flatten)]
    pub orgs: Two,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `timeline`
#[derive(Args)]
pub struct TimelineArguments {
    /// The person's user name in the source.
    #[arg(
        long,
        value_name = "USERNAME",
        required_unless_present = "group",
        conflicts_with = "group"
    )]
    pub login: Option<String>,
    /// Or the name of a group of the source that is pushed.
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// How many days back the logs are read: Okta keeps 90.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_DAYS)))]
    pub days: u32,
    /// Which orgs.
    #[command(flatten)]
    pub orgs: Two,
    /// How the result is printed: as JSON each event has the raw one beside it.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `lifecycle`
#[derive(Args)]
pub struct LifecycleArguments {
    /// People are pushed, and their accounts start so.
    #[arg(long, value_name = "INITIAL_STATUS", value_parser = initial_status)]
    pub push: Option<InitialStatus>,
    /// Deactivate Users is on.
    #[arg(long, requires = "push")]
    pub deactivate: bool,
    /// A first sign-in makes an account.
    #[arg(long)]
    pub new_accounts_at_sign_in: bool,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

fn initial_status(name: &str) -> Result<InitialStatus, String> {
    let found = InitialStatus::ALL
        .into_iter()
        .find(|one| one.name() == name);
    found.ok_or_else(|| {
        let names = InitialStatus::ALL.map(InitialStatus::name);
        format!("it is none of {}", names.join(", "))
    })
}

/// `completions`
#[derive(Args)]
pub struct CompletionsArguments {
    /// For which shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// How orgs are reached.
#[derive(Args)]
pub struct Reach {
    /// Connect here whatever the org's name resolves to: for the lab.
    #[arg(long, value_name = "HOST:PORT", requires = "ca")]
    pub connect: Option<std::net::SocketAddr>,
    /// Trust this certificate (PEM) and no other: for the lab.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
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
    /// The number of people who get a mail, as the plan says it; asked for when there are any.
    #[arg(long, value_name = "NUMBER")]
    pub mails: Option<String>,
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

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("it needs a name, an equals sign and a value".to_owned()),
    }
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
