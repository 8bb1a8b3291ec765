//! What orgs are opened with: API tokens and OAuth clients, out of files that nobody else may read or from standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use org2org_core::org::OrgUrl;
use org2org_core::run::Side;

use crate::outcome::{Exit, Outcome, Trouble};

/// What is given to open orgs with.
pub struct Credentials<'a> {
    /// Files with a token each: for sources and for the target, those left out that a client opens.
    pub files: [Vec<&'a Path>; 2],
    /// For each client the address of its org, its id and the file with its key.
    pub clients: Vec<[&'a str; 3]>,
}

/// The client of each org, where one is given.
pub fn clients_of<'a>(
    orgs: &[(&OrgUrl, Side)],
    given: &Credentials<'a>,
) -> Outcome<Vec<Option<[&'a str; 3]>>> {
    let mut all = vec![None; orgs.len()];
    for client in &given.clients {
        let [address, id, _] = client;
        let url = OrgUrl::parse(address)?;
        let shown = org2org_core::explain::seen(address);
        let at = orgs.iter().position(|(org, _)| **org == url);
        let place = at.and_then(|at| all.get_mut(at));
        let place = place.ok_or_else(|| no_client(&format!("`{shown}` is none of the orgs")))?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if id.is_empty() || id.len() > 100 || !id.bytes().all(plain) {
            return Err(no_client(&format!("`{shown}`: no client id")));
        }
        if place.replace(*client).is_some() {
            return Err(no_client(&format!("`{shown}` has two clients")));
        }
    }
    Ok(all)
}

fn no_client(what: &str) -> Trouble {
    Trouble {
        code: "client".to_owned(),
        what: what.to_owned(),
        hint: "Give for each client the address of its org as it stands beside --source or --target, the client id, and the file with the private key.".to_owned(),
        exit: Exit::Usage,
    }
}

/// An API token from a file.
pub fn from_file(path: Option<&Path>) -> Outcome<String> {
    let path = path.ok_or_else(|| no_token("a token file is missing"))?;
    let shown = org2org_core::explain::seen(&path.display().to_string());
    token(&kept(path, Kept::Token)?, &shown)
}

/// A secret in a file.
#[derive(Clone, Copy)]
pub enum Kept {
    /// A client's private key.
    Key,
    /// An API token.
    Token,
}

/// A secret from a file that only its owner can read.
pub fn kept(path: &Path, what: Kept) -> Outcome<String> {
    let shown = org2org_core::explain::seen(&path.display().to_string());
    let (noun, most) = match what {
        Kept::Key => ("key", 65_536),
        Kept::Token => ("token", 4096),
    };
    let read = || -> io::Result<(String, bool)> {
        let file = fs::File::open(path)?;
        let open = is_open(&file.metadata()?);
        let mut text = String::new();
        file.take(most).read_to_string(&mut text)?;
        Ok((text, open))
    };
    match read() {
        Err(error) => Err(Trouble::file(
            format!("{shown}: {error}"),
            &format!("Give the file that holds the {noun}."),
        )),
        Ok((_, true)) => Err(Trouble::file(
            format!("{shown}: others may read it"),
            &format!(
                "Make it readable by you alone (chmod 600), and consider the {noun} known to others."
            ),
        )),
        Ok((text, false)) => Ok(text),
    }
}

/// Whether others may read a file.
#[cfg(unix)]
pub fn is_open(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

/// Files of this system have no such mode.
#[cfg(not(unix))]
pub fn is_open(_: &fs::Metadata) -> bool {
    false
}

/// An API token out of a text from this place; the token itself is in no message.
pub fn token(text: &str, place: &str) -> Outcome<String> {
    let token = text.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    match token.len() >= 20 && token.bytes().all(plain) {
        true => Ok(token.to_owned()),
        false => Err(no_token(&format!("{place}: no API token"))),
    }
}

/// There is no token, and what there is.
pub fn no_token(what: &str) -> Trouble {
    Trouble {
        code: "token".to_owned(),
        what: what.to_owned(),
        hint: "An API token is one word of about 42 letters, digits, - and _; make one under Security > API > Tokens.".to_owned(),
        exit: Exit::Usage,
    }
}
