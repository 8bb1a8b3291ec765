//! What the commands over live orgs take.

use clap::Args;
use org2org_core::doctor::joined::MOST_DAYS;
use org2org_core::run::InitialStatus;
use std::path::PathBuf;

use super::{Format, ListFormat};
use crate::live::Credentials;

/// `advise`
#[derive(Args)]
pub struct AdviseArguments {
    /// What is wanted, as TOML.
    #[arg(long, value_name = "FILE")]
    pub wish: PathBuf,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// OAuth clients that act in place of tokens' owners.
#[derive(Args)]
pub struct Clients {
    /// Open this org as an OAuth client, by private_key_jwt and DPoP: its address, the client id and the file with the private
    /// key (JWK or PEM), which nobody else may be able to read; once for each such org. The other orgs take tokens as before.
    #[arg(long, num_args = 3, value_names = ["URL", "CLIENT_ID", "FILE"])]
    pub client: Vec<String>,
}

impl Clients {
    /// Address, id and file of each.
    pub fn all(&self) -> Vec<[&str; 3]> {
        let each = self.client.chunks(3).filter_map(|each| match each {
            [url, id, file] => Some([url.as_str(), id.as_str(), file.as_str()]),
            _ => None,
        });
        each.collect()
    }
}

/// A target and its sources. Tokens come from standard input, one line for each source in their
/// order and then the target's, or each from a file of its own.
#[derive(Args)]
pub struct Orgs {
    /// An org that people sign in to, e.g. https://acme.okta.com; can be given several times. Left
    /// out, the sources are those that the wish names; given, only these of them are meant.
    #[arg(long, value_name = "URL", required_unless_present = "wish")]
    pub source: Vec<String>,
    /// The org that holds the apps, e.g. https://hub.okta.com
    #[arg(long, value_name = "URL")]
    pub target: String,
    /// File with an API token of a source, as many as there are sources and in the same order; nobody else may be able to read it.
    #[arg(long, value_name = "FILE")]
    pub source_token_file: Vec<PathBuf>,
    /// File with an API token of the target; nobody else may be able to read it.
    #[arg(long, value_name = "FILE")]
    pub target_token_file: Option<PathBuf>,
    /// Clients in place of tokens.
    #[command(flatten)]
    pub clients: Clients,
    /// How the orgs are reached.
    #[command(flatten)]
    pub reach: Reach,
}

impl Orgs {
    /// What the orgs are opened with.
    pub fn credentials(&self) -> Credentials<'_> {
        Credentials {
            files: [
                self.source_token_file
                    .iter()
                    .map(PathBuf::as_path)
                    .collect(),
                self.target_token_file
                    .iter()
                    .map(PathBuf::as_path)
                    .collect(),
            ],
            clients: self.clients.all(),
        }
    }
}

/// What every command over a wish takes.
#[derive(Args)]
pub struct LiveArguments {
    /// What is wanted, as TOML.
    #[arg(long, value_name = "FILE")]
    pub wish: PathBuf,
    /// Which orgs.
    #[command(flatten)]
    pub orgs: Orgs,
    /// Where the journal is kept when there is one source; beside the wish with the ending `.journal` when not given.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `doctor`
#[derive(Args)]
pub struct DoctorArguments {
    /// Which orgs.
    #[command(flatten)]
    pub orgs: Orgs,
    /// Judge by this wish as well, and say for each finding what mends it.
    #[arg(long, value_name = "FILE")]
    pub wish: Option<PathBuf>,
    /// Print the plan that mends it, too; nothing is written.
    #[arg(long, requires = "wish")]
    pub plan: bool,
    /// Look at every assignment of the app, not only at the first 500.
    #[arg(long)]
    pub whole: bool,
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
    #[arg(long, value_name = "FILE")]
    pub source_token_file: Option<PathBuf>,
    /// File with an API token of the target; nobody else may be able to read it.
    #[arg(long, value_name = "FILE")]
    pub target_token_file: Option<PathBuf>,
    /// Clients in place of tokens.
    #[command(flatten)]
    pub clients: Clients,
    /// How the orgs are reached.
    #[command(flatten)]
    pub reach: Reach,
}

impl Two {
    /// What the orgs are opened with.
    pub fn credentials(&self) -> Credentials<'_> {
        let files = [&self.source_token_file, &self.target_token_file];
        Credentials {
            files: files.map(|file| file.iter().map(PathBuf::as_path).collect()),
            clients: self.clients.all(),
        }
    }
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
    InitialStatus::named(name).ok_or_else(|| {
        let names = InitialStatus::ALL.map(InitialStatus::name);
        format!("it is none of {}", names.join(", "))
    })
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

/// How a person agrees to a plan without being asked.
#[derive(Args)]
pub struct Consent {
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

/// `apply` and `undo`
#[derive(Args)]
pub struct ConsentArguments {
    /// What every live command takes.
    #[command(flatten)]
    pub live: LiveArguments,
    /// How the person agrees.
    #[command(flatten)]
    pub consent: Consent,
    /// Of several sources, begin those after the pilots only when each pilot is done.
    #[arg(long)]
    pub pilots_first: bool,
}
