//! Serves the simulated orgs over TLS on this machine's loopback address.

mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use org2org_lab::{Options, OrgSpec, PASSWORD, World};
use serde_json::json;

/// Simulated Okta orgs over TLS on 127.0.0.1, for a first try and for tests.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Same seed, same ids
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many sources besides the usual three orgs: spoke01, spoke02…
    #[arg(long, default_value_t = 0)]
    spokes: u16,
    /// How many people the spokes share; without spokes, how many more the source has
    #[arg(long, default_value_t = 0)]
    users: u32,
    /// How the addresses are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// End when standard input closes
    #[arg(long)]
    until_stdin_closes: bool,
    /// Offer HTTP/1.1 only
    #[arg(long)]
    http1: bool,
    /// Calls per minute and endpoint before 429
    #[arg(long, default_value_t = 600)]
    rate_limit: u32,
    /// Calls of one person in the console to one endpoint in 10 s before 429
    #[arg(long, default_value_t = 40)]
    console_limit: u32,
    /// Calls that an org answers at the same time before 429
    #[arg(long, default_value_t = 75)]
    concurrency: usize,
    /// For how many milliseconds lists lag behind changes
    #[arg(long, default_value_t = 0)]
    consistency_ms: u64,
    /// For how many milliseconds an org waits for an answer of another
    #[arg(long, default_value_t = 10_000)]
    patience_ms: u64,
    /// Let protected actions ask for step-up
    #[arg(long)]
    step_up: bool,
    /// Write every kind of API exchange to this file, one JSON line each
    #[arg(long)]
    record: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Text,
}

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("cannot start: {error}");
            return ExitCode::from(2);
        }
    };
    let code = runtime.block_on(run(Arguments::parse()));
    // Calls between orgs that are under way are not waited for.
    runtime.shutdown_background();
    code
}

async fn run(arguments: Arguments) -> ExitCode {
    let started = std::time::Instant::now();
    let options = Options {
        orgs: orgs(&arguments),
        seed: arguments.seed,
        rate_limit: arguments.rate_limit,
        consistency_ms: arguments.consistency_ms,
        patience_ms: arguments.patience_ms,
        step_up: arguments.step_up,
        console_limit: arguments.console_limit,
        concurrency: arguments.concurrency,
    };
    if let Some(file) = &arguments.record
        && let Err(error) = org2org_lab::record(file)
    {
        eprintln!("cannot record to `{}`: {error}", file.display());
        return ExitCode::from(2);
    }
    let world = World::new(&options);
    let listener = match server::Listener::bind(arguments.port, arguments.http1, &world).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!(
                "cannot listen on 127.0.0.1 port {}: {error}",
                arguments.port
            );
            eprintln!("Choose another port with --port, or --port 0 for any free one.");
            return ExitCode::from(2);
        }
    };
    announce(arguments.format, &listener, &world);
    eprintln!("Started in {} ms.", started.elapsed().as_millis());
    tokio::select! {
        Err(error) = listener.serve(world) => {
            eprintln!("cannot call from org to org: {error}");
            return ExitCode::from(2);
        }
        () = server::told_to_end(arguments.until_stdin_closes) => {}
    }
    ExitCode::SUCCESS
}

fn orgs(arguments: &Arguments) -> Vec<OrgSpec> {
    let mut orgs = Options::default().orgs;
    let people = usize::try_from(arguments.users).unwrap_or(usize::MAX);
    match arguments.spokes {
        0 if people == 0 => {}
        0 => orgs[0].crowd(people),
        count => orgs.extend(OrgSpec::spokes(count.into(), people)),
    }
    orgs
}

fn announce(format: Format, listener: &server::Listener, world: &World) {
    let port = listener.port;
    let resolver = format!("MAP *.okta.com:443 127.0.0.1:{port}");
    if format == Format::Json {
        let told = json!({
            "port": port, "control": format!("https://127.0.0.1:{port}/_lab"), "resolver": resolver,
            "password": PASSWORD, "certificate": listener.certificate, "orgs": world.sites(),
        });
        println!("{told}");
        return;
    }
    println!("The lab serves these orgs on 127.0.0.1:{port} (TLS, throw-away certificate):");
    for site in world.sites() {
        println!("\n{} ({})", site.name, site.id);
        println!("  people   https://{}/", site.host);
        println!("  console  https://{}/admin/dashboard", site.admin_host);
        for admin in site.admins {
            println!("  {:<16} {}", admin.role, admin.login);
        }
    }
    println!("\nEvery password: {PASSWORD}");
    println!(
        "Start a browser with --host-resolver-rules=\"{resolver}\" --ignore-certificate-errors"
    );
    println!(
        "Control: https://127.0.0.1:{port}/_lab/dump, effects, requests, fault, reset. Ctrl-C ends."
    );
}
