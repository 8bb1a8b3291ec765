//! What an org starts with, and the orgs that are there when nothing else is asked.

/// What one org starts with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrgSpec {
    /// First label of the host, as in `acme`.
    pub subdomain: String,
    /// Domain family, as in `okta.com`.
    pub family: String,
    /// Company name.
    pub name: String,
    /// People besides the admins.
    pub people: Vec<Person>,
    /// Groups besides Everyone, each with the logins of its members.
    pub groups: Vec<(String, Vec<String>)>,
    /// Labels of apps with a page of their own, each with the group that has it.
    pub apps: Vec<(String, Option<String>)>,
    /// Bookmarks that were there before: label and address.
    pub bookmarks: Vec<(String, String)>,
    /// Names of identity providers that were there before.
    pub idps: Vec<String>,
}

/// A person without admin role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// Login and e-mail address.
    pub login: String,
}

impl OrgSpec {
    /// An org on okta.com with eight people of its own.
    pub fn new(subdomain: &str, name: &str) -> Self {
        let people = NAMES.iter().map(|(first, last)| {
            let login = format!("{}@{subdomain}.example.com", first.to_lowercase());
            Person {
                first: (*first).to_owned(),
                last: (*last).to_owned(),
                login,
            }
        });
        Self {
            subdomain: subdomain.to_owned(),
            family: "okta.com".to_owned(),
            name: name.to_owned(),
            people: people.collect(),
            groups: Vec::new(),
            apps: Vec::new(),
            bookmarks: Vec::new(),
            idps: Vec::new(),
        }
    }

    /// Sources for one target: `spoke01` and so on, which share this many people evenly. Everybody of a spoke is in
    /// its group *Staff*.
    pub fn spokes(count: usize, people: usize) -> Vec<Self> {
        (0..count)
            .map(|at| {
                let mut spec =
                    Self::new(&format!("spoke{:02}", at + 1), &format!("Spoke {}", at + 1));
                let share = people / count + usize::from(at < people % count);
                spec.people.clear();
                spec.crowd(share);
                spec
            })
            .collect()
    }

    /// Adds made-up people, all in the group *Staff*.
    pub fn crowd(&mut self, count: usize) {
        let made: Vec<Person> = (0..count)
            .map(|at| {
                let (first, _) = NAMES[at % NAMES.len()];
                let (_, last) = NAMES[at / NAMES.len() % NAMES.len()];
                let login = format!(
                    "{}.{at}@{}.example.com",
                    first.to_lowercase(),
                    self.subdomain
                );
                Person {
                    first: first.to_owned(),
                    last: last.to_owned(),
                    login,
                }
            })
            .collect();
        let logins = made.iter().map(|person| person.login.clone()).collect();
        self.groups.push(("Staff".to_owned(), logins));
        self.people.extend(made);
    }

    fn group(mut self, name: &str, logins: &[&str]) -> Self {
        self.groups.push((
            name.to_owned(),
            logins.iter().map(|login| (*login).to_owned()).collect(),
        ));
        self
    }

    fn app(mut self, label: &str, group: Option<&str>) -> Self {
        self.apps.push((label.to_owned(), group.map(str::to_owned)));
        self
    }

    fn bookmark(mut self, label: &str, address: &str) -> Self {
        self.bookmarks.push((label.to_owned(), address.to_owned()));
        self
    }

    fn idp(mut self, name: &str) -> Self {
        self.idps.push(name.to_owned());
        self
    }
}

/// Source `acme`, target `hub`, bystander `other`. Ada of ACME also exists in the hub, as an ordinary person.
pub(crate) fn pair() -> Vec<OrgSpec> {
    let acme = OrgSpec::new("acme", "ACME")
        .group("Sales", &["ada@acme.example.com", "grace@acme.example.com"])
        .group(
            "Engineering",
            &[
                "alan@acme.example.com",
                "barbara@acme.example.com",
                "tony@acme.example.com",
            ],
        )
        .app("Time Sheets", Some("Engineering"))
        .bookmark("Canteen Menu", "https://canteen.acme.example.com/today")
        .idp("Partner Portal");
    let mut hub = OrgSpec::new("hub", "HUB")
        .group("Finance", &["grace@hub.example.com"])
        .group("ACME people", &["ada@acme.example.com"])
        .app("Expenses", Some("Finance"))
        .app("Wiki", Some("Finance"))
        .bookmark("Status Page", "https://status.hub.example.com/")
        .idp("Contractors");
    let (first, last, login) = (
        "Ada".to_owned(),
        "Lovelace".to_owned(),
        "ada@acme.example.com".to_owned(),
    );
    hub.people[0] = Person { first, last, login };
    let other = OrgSpec::new("other", "Other")
        .app("Archive", None)
        .bookmark("Home", "https://www.example.com/");
    vec![acme, hub, other]
}

const NAMES: [(&str, &str); 8] = [
    ("Ada", "Lovelace"),
    ("Grace", "Hopper"),
    ("Alan", "Turing"),
    ("Mary", "Jackson"),
    ("Edsger", "Dijkstra"),
    ("Barbara", "Liskov"),
    ("Tony", "Hoare"),
    ("Radia", "Perlman"),
];
