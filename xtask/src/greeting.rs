//! What the lab says of itself when it is ready.

use crate::trouble::{Outcome, trouble};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};

/// The lab's first line: where it listens and who lives there.
#[derive(Debug, PartialEq, Eq)]
pub struct Greeting {
    /// Port on 127.0.0.1.
    pub port: u16,
    /// The orgs, source first.
    pub orgs: Vec<LabOrg>,
    /// Everybody's password.
    password: String,
}

/// One simulated org.
#[derive(Debug, PartialEq, Eq)]
pub struct LabOrg {
    name: String,
    host: String,
    admin_host: String,
    login: String,
}

impl LabOrg {
    // Sets the admin's session and opens the dashboard.
    fn signed_in(&self) -> String {
        let login = self.login.replace('@', "%40").replace('+', "%2B");
        format!(
            "https://{}/_lab/session?login={login}&then=/admin/dashboard",
            self.admin_host
        )
    }
}

impl Greeting {
    /// Waits for the line; whatever the lab says later is passed over.
    pub fn read(stdout: impl Read + Send + 'static) -> Outcome<Self> {
        let mut lines = BufReader::new(stdout);
        let mut line = String::new();
        let silent = |seen: String| {
            trouble(
                "lab-silent",
                format!("the lab did not say where it listens; seen: {seen}"),
                "Its own words stand above; is the port free?",
            )
        };
        lines
            .read_line(&mut line)
            .map_err(|error| silent(error.to_string()))?;
        let greeting = serde_json::from_str(&line)
            .ok()
            .and_then(|value| Self::parse(&value));
        // The pipe is emptied for as long as the lab runs, or it would stand still when the pipe is full.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        greeting.ok_or_else(|| silent(format!("{:?}", line.chars().take(80).collect::<String>())))
    }

    fn parse(value: &Value) -> Option<Self> {
        let port = u16::try_from(value["port"].as_u64()?).ok()?;
        let orgs = value["orgs"]
            .as_array()?
            .iter()
            .map(org)
            .collect::<Option<Vec<_>>>()?;
        let password = value["password"].as_str()?.to_owned();
        Some(Self {
            port,
            orgs,
            password,
        })
    }

    /// The orgs as a person needs them; the first two are the pair, the others stand by.
    pub fn lines(&self) -> String {
        let parts = ["source", "target"]
            .into_iter()
            .chain(std::iter::repeat("bystander"));
        let line = |(org, part): (&LabOrg, &str)| {
            let LabOrg {
                name,
                host,
                admin_host,
                login,
            } = org;
            format!(
                "  {part:<9} {name:<6} console https://{admin_host}/admin/dashboard  admin {login}  people https://{host}/\n"
            )
        };
        let orgs: String = self.orgs.iter().zip(parts).map(line).collect();
        format!(
            "The lab listens on 127.0.0.1:{}. Its orgs are simulated; nothing of Okta's is reached.\n{orgs}  every password: {}\n",
            self.port, self.password
        )
    }

    /// Addresses that open the consoles of the pair, signed in.
    pub fn consoles(&self) -> impl Iterator<Item = String> {
        self.orgs.iter().take(2).map(LabOrg::signed_in)
    }
}

fn org(value: &Value) -> Option<LabOrg> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let admin = value["admins"].get(0)?;
    Some(LabOrg {
        name: text(&value["name"])?,
        host: text(&value["host"])?,
        admin_host: text(&value["admin_host"])?,
        login: text(&admin["login"])?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    const LINE: &str = r#"{"port":4443,"orgs":[{"name":"Acme","host":"acme.okta.com","admin_host":"acme-admin.okta.com","admins":[{"login":"ada@acme.example"}]}],"password":"p"}"#;

    #[test]
    fn the_first_line_says_where_everything_is() {
        let greeting = Greeting::read(Cursor::new(format!("{LINE}\nlater words"))).unwrap();
        assert_eq!(greeting.port, 4443);
        assert_eq!(
            greeting.orgs[0].signed_in(),
            "https://acme-admin.okta.com/_lab/session?login=ada%40acme.example&then=/admin/dashboard"
        );
        assert!(greeting.lines().contains("acme-admin.okta.com"));
    }

    #[test]
    fn anything_else_is_said() {
        for line in ["", "port taken\n", "{\"port\":70000,\"orgs\":[]}\n"] {
            assert_eq!(
                Greeting::read(Cursor::new(line)).unwrap_err().code,
                "lab-silent"
            );
        }
    }
}
