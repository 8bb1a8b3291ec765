//! The route table of the Admin Console: builds the addresses of its pages and recognises them.
//!
//! Ids and paths decide, never the text of a page: the console speaks many languages.

use crate::org::{self, OrgUrl};
use crate::search::{holds, replaced};

/// One page of the Admin Console.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// Stable id.
    pub id: &'static str,
    /// As the console calls it, in English.
    pub title: &'static str,
    /// Path and hash, with `{name}`s for ids.
    pub path: &'static str,
    /// Addresses that must be recognised as this page and no other.
    pub examples: &'static [&'static str],
}

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $title:literal, $path:literal, [$($example:literal),+];)+) => {
        $($(#[$doc])* pub static $name: Page =
            Page { id: $id, title: $title, path: $path, examples: &[$($example),+] };)+
        /// Every page, most telling path first.
        pub static PAGES: &[&Page] = &[$(&$name),+];
    };
}

pages! {
    /// The Sign On tab of an app.
    APP_SIGN_ON = "app-sign-on", "App: Sign On", "/admin/app/{name}/instance/{app}/#tab-signon",
        ["/admin/app/okta_org2org/instance/0oa78guhzaGH4KHZt1d7/#tab-signon"];
    /// The Assignments tab of an app.
    APP_ASSIGNMENTS = "app-assignments", "App: Assignments", "/admin/app/{name}/instance/{app}/#tab-assignments",
        ["/admin/app/bookmark/instance/0oa78guhzaGH4KHZt1d7/#tab-assignments"];
    /// The Import tab of an app.
    APP_IMPORT = "app-import", "App: Import", "/admin/app/{name}/instance/{app}/#tab-import",
        ["/admin/app/okta_org2org/instance/0oa78guhzaGH4KHZt1d7/#tab-import"];
    /// The Integration part of an app's Provisioning tab.
    APP_INTEGRATION = "app-integration", "App: Provisioning, Integration",
        "/admin/app/{name}/instance/{app}/#tab-user-management/api-credentials",
        ["/admin/app/okta_org2org/instance/0oa78guhzaGH4KHZt1d7/#tab-user-management/api-credentials"];
    /// The To App part of an app's Provisioning tab.
    APP_TO_APP = "app-to-app", "App: Provisioning, To App",
        "/admin/app/{name}/instance/{app}/#tab-user-management/create-n-update",
        ["/admin/app/okta_org2org/instance/0oa78guhzaGH4KHZt1d7/#tab-user-management/create-n-update"];
    /// The Provisioning tab of an app.
    APP_PROVISIONING = "app-provisioning", "App: Provisioning", "/admin/app/{name}/instance/{app}/#tab-user-management",
        ["/admin/app/okta_org2org/instance/0oa78guhzaGH4KHZt1d7/#tab-user-management"];
    /// The Push Groups tab of an app.
    APP_PUSH_GROUPS = "app-push-groups", "App: Push Groups", "/admin/app/{name}/instance/{app}/#tab-group-push",
        ["/admin/app/okta_org2org/instance/0oa78guhzaGH4KHZt1d7/#tab-group-push"];
    /// The General tab of an app, and the app itself.
    APP_GENERAL = "app-general", "App: General", "/admin/app/{name}/instance/{app}/#tab-general",
        ["/admin/app/oidc_client/instance/0oa78guhzaGH4KHZt1d7/#tab-general"];
    /// An app, whichever tab.
    APP = "app", "App", "/admin/app/{name}/instance/{app}",
        ["/admin/app/okta_org2org/instance/0oa78guhzaGH4KHZt1d7/", "/admin/app/bookmark/instance/0oa78guhzaGH4KHZt1d7/#tab-mobile"];
    /// The SAML setup instructions of an app.
    APP_SAML_HELP = "app-saml-help", "SAML setup instructions", "/app/{name}/{app}/setup/help/SAML_2_0/external-doc",
        ["/app/okta_org2org/0oa78guhzaGH4KHZt1d7/setup/help/SAML_2_0/external-doc"];
    /// The list of apps.
    APPS = "apps", "Applications", "/admin/apps/active", ["/admin/apps/active"];
    /// The app catalog.
    CATALOG = "catalog", "Browse App Catalog", "/admin/apps/add-app", ["/admin/apps/add-app"];
    /// One IdP.
    IDP = "idp", "Identity provider", "/admin/access/identity-providers/edit/{idp}",
        ["/admin/access/identity-providers/edit/0oa78guhzaGH4KHZt1d7"];
    /// The routing rules of the IdPs.
    ROUTING_RULES = "routing-rules", "Routing rules", "/admin/access/identity-providers#rules",
        ["/admin/access/identity-providers#rules"];
    /// The list of IdPs.
    IDPS = "idps", "Identity Providers", "/admin/access/identity-providers",
        ["/admin/access/identity-providers"];
    /// The API tokens.
    TOKENS = "tokens", "API: Tokens", "/admin/access/api/tokens", ["/admin/access/api/tokens"];
    /// One person.
    PERSON = "person", "Person", "/admin/user/profile/view/{user}",
        ["/admin/user/profile/view/00u78guhzaGH4KHZt1d7#tab-account"];
    /// All people.
    PEOPLE = "people", "People", "/admin/users", ["/admin/users"];
    /// One group.
    GROUP = "group", "Group", "/admin/group/{group}", ["/admin/group/00g78guhzaGH4KHZt1d7"];
    /// All groups.
    GROUPS = "groups", "Groups", "/admin/groups", ["/admin/groups"];
    /// One app's profile in the Profile Editor.
    PROFILE = "profile", "Profile Editor: app", "/admin/universaldirectory#app/{app}",
        ["/admin/universaldirectory#app/0oa78guhzaGH4KHZt1d7"];
    /// The Profile Editor.
    PROFILES = "profiles", "Profile Editor", "/admin/universaldirectory", ["/admin/universaldirectory"];
    /// The features of the org.
    FEATURES = "features", "Settings: Features", "/admin/settings/features", ["/admin/settings/features"];
    /// The account of the org.
    ACCOUNT = "account", "Settings: Account", "/admin/settings/account", ["/admin/settings/account"];
    /// The System Log.
    SYSTEM_LOG = "system-log", "System Log", "/report/system_log_2", ["/report/system_log_2"];
    /// The reports.
    REPORTS = "reports", "Reports", "/reports", ["/reports"];
    /// The console's first page.
    DASHBOARD = "dashboard", "Dashboard", "/admin/dashboard", ["/admin/dashboard"];
}

impl Page {
    /// The address of this page in an org, when all its ids are given.
    pub fn address(&self, org: &OrgUrl, ids: &[(&str, &str)]) -> Option<String> {
        let mut path = self.path.to_owned();
        for (name, id) in ids {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            if !id.bytes().all(plain) {
                return None;
            }
            path = replaced(&path, &["{", name, "}"].concat(), id);
        }
        (!holds(&path, "{")).then(|| format!("{}{path}", org.admin_base()))
    }

    /// The ids in an address's path and hash, when it is this page.
    fn read<'a>(&self, path: &'a str, hash: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
        let (own_path, own_hash) = self.path.split_once('#').unwrap_or((self.path, ""));
        let mut ids = segments(own_path, path)?;
        if !own_hash.is_empty() {
            ids.extend(segments(own_hash, hash)?);
        }
        Some(ids)
    }
}

fn segments<'a>(template: &'static str, path: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let (template, path) = (template.trim_end_matches('/'), path.trim_end_matches('/'));
    if template.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut ids = Vec::new();
    for (own, seen) in template.split('/').zip(path.split('/')) {
        match own.strip_prefix('{').and_then(|own| own.strip_suffix('}')) {
            Some(name) if !seen.is_empty() => ids.push((name, seen)),
            Some(_) => return None,
            None if own == seen => {}
            None => return None,
        }
    }
    Some(ids)
}

/// Where a tab is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the Admin Console of an org, on a known page or not.
    AdminConsole {
        /// The org.
        org: OrgUrl,
        /// The page; none when it is not in the route table.
        page: Option<&'static Page>,
        /// The ids in its address, by name.
        ids: Vec<(&'static str, String)>,
    },
    /// On the end-user side of an org: the Admin Console is one address away.
    EndUser {
        /// The org.
        org: OrgUrl,
    },
    /// Not in an Okta org.
    Elsewhere,
}

/// Recognises an address.
pub fn recognise(address: &str) -> Place {
    let Ok(seen) = org::Place::read(address) else {
        return Place::Elsewhere;
    };
    let org = seen.org.clone();
    if !seen.admin {
        return Place::EndUser { org };
    }
    let (path, hash) = (seen.path(), seen.fragment().unwrap_or_default());
    let found = PAGES
        .iter()
        .find_map(|page| page.read(path, hash).map(|ids| (*page, ids)));
    let (page, ids) = match found {
        Some((page, ids)) => (Some(page), ids),
        None => (None, Vec::new()),
    };
    let ids = ids
        .into_iter()
        .map(|(name, id)| (name, id.to_owned()))
        .collect();
    Place::AdminConsole { org, page, ids }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_example_is_its_own_page_and_no_other() {
        for page in PAGES {
            for example in page.examples {
                let place = recognise(&format!("https://acme-admin.okta.com{example}"));
                let Place::AdminConsole {
                    page: Some(seen), ..
                } = place
                else {
                    panic!("{example}")
                };
                assert_eq!(seen.id, page.id, "{example}");
            }
        }
    }

    #[test]
    fn an_address_is_recognised_with_its_ids() {
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        let ids = [("name", "okta_org2org"), ("app", "0oa78guhzaGH4KHZt1d7")];
        let address = APP_SIGN_ON.address(&org, &ids).unwrap();
        assert_eq!(
            address,
            "https://acme-admin.okta.com/admin/app/okta_org2org/instance/0oa78guhzaGH4KHZt1d7/#tab-signon"
        );
        let Place::AdminConsole { ids: seen, .. } = recognise(&address) else {
            panic!()
        };
        assert_eq!(seen, ids.map(|(name, id)| (name, id.to_owned())).to_vec());
    }

    #[test]
    fn ids_cannot_leave_their_place_in_an_address() {
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        assert_eq!(IDP.address(&org, &[("idp", "../../evil")]), None);
        assert_eq!(IDP.address(&org, &[]), None);
    }

    #[test]
    fn only_admin_hosts_of_okta_are_the_console() {
        assert_eq!(
            recognise("https://acme-admin.okta.com.evil.com/admin/users"),
            Place::Elsewhere
        );
        assert!(matches!(
            recognise("https://acme.okta.com/app/UserHome"),
            Place::EndUser { .. }
        ));
        let unknown = recognise("https://acme-admin.okta.com/admin/new/page");
        assert!(matches!(unknown, Place::AdminConsole { page: None, .. }));
    }
}
