//! The objects that rules look at, found once for all of them: who links to whom.

use super::look::{Look, Object, Stop};
use crate::okta::{
    app_assignments, app_features, apps, connections, group_push, idps, mappings, org,
};
use crate::org::{OrgUrl, Place};
use crate::run::Side;

/// What the app's SAML metadata says.
pub(super) struct Metadata<'a> {
    /// How the source names itself.
    pub issuer: String,
    /// Where it signs people in.
    pub sso: String,
    /// Its certificates, base64 DER in one line.
    pub certificates: Vec<String>,
    /// The answer, for evidence.
    pub read: Object<'a>,
}

impl<'a> Look<'a> {
    /// The Org2Org apps of the source, whatever they point to.
    pub(super) fn org2org_apps(&self) -> Result<Vec<Object<'a>>, Stop> {
        Ok(self.source(apps::named("okta_org2org"))?.items())
    }

    /// The Org2Org apps that point to the target.
    pub(super) fn apps_here(&self) -> Result<Vec<Object<'a>>, Stop> {
        let target = &self.pair().target.url;
        let mut here = self.org2org_apps()?;
        here.retain(|app| is_at(target, app.text("/settings/app/baseUrl")));
        Ok(here)
    }

    /// The app that links the two orgs; of several, an active one.
    pub(super) fn app(&self) -> Result<Object<'a>, Stop> {
        let here = self.apps_here()?;
        let active = here.iter().find(|app| app.is_active());
        let app = active.or(here.first()).cloned();
        app.ok_or_else(|| Stop::not_here("no Org2Org app of the source points to the target"))
    }

    /// The app, when it signs in by SAML.
    pub(super) fn saml_app(&self) -> Result<Object<'a>, Stop> {
        self.app_by("SAML_2_0", "the app does not sign in by SAML 2.0")
    }

    /// The app, when it signs in by OpenID Connect.
    pub(super) fn oidc_app(&self) -> Result<Object<'a>, Stop> {
        self.app_by(
            "OPENID_CONNECT",
            "the app does not sign in by OpenID Connect",
        )
    }

    fn app_by(&self, mode: &str, otherwise: &str) -> Result<Object<'a>, Stop> {
        let app = self.app()?;
        match app.is("/signOnMode", mode) {
            true => Ok(app),
            false => Err(Stop::not_here(otherwise)),
        }
    }

    /// The SAML metadata of the app.
    pub(super) fn metadata(&self) -> Result<Metadata<'a>, Stop> {
        let app = self.saml_app()?;
        let (read, answer) = self.read(Side::Source, apps::metadata(app.id()))?;
        let unusable =
            |what: &str| Stop::Unknown(format!("the app's SAML metadata holds no usable {what}"));
        let elements = crate::xml::elements(answer.xml()).map_err(|_| unusable("XML"))?;
        let issuer = elements.first().and_then(|root| root.attribute("entityID"));
        let named = |name: &'static str| elements.iter().filter(move |one| one.name == name);
        let sso = named("SingleSignOnService").find_map(|one| one.attribute("Location"));
        let one_line = |text: &str| text.split_whitespace().collect::<String>();
        Ok(Metadata {
            issuer: issuer.ok_or_else(|| unusable("entityID"))?.to_owned(),
            sso: sso
                .ok_or_else(|| unusable("SingleSignOnService"))?
                .to_owned(),
            certificates: named("X509Certificate")
                .map(|one| one_line(&one.text))
                .filter(|certificate| !certificate.is_empty())
                .collect(),
            read,
        })
    }

    /// The identity providers of the target.
    pub(super) fn idps(&self) -> Result<Vec<Object<'a>>, Stop> {
        Ok(self.target(idps::all())?.items())
    }

    /// The identity provider that belongs to the app: by its issuer, its sign-on address, the
    /// address the app sends people to, or the app as its client.
    pub(super) fn idp(&self) -> Result<Object<'a>, Stop> {
        self.idp_of_app()?
            .ok_or_else(|| Stop::not_here("no identity provider of the target belongs to the app"))
    }

    /// As [`Look::idp`], where there may be none.
    pub(super) fn idp_of_app(&self) -> Result<Option<Object<'a>>, Stop> {
        let app = self.app()?;
        let all = self.idps()?;
        if app.is("/signOnMode", "OPENID_CONNECT") {
            let named = app.text("/settings/app/idpId");
            let mut found = all.into_iter();
            return Ok(found.find(|idp| {
                idp.id() == named
                    || idp.is("/protocol/credentials/client/client_id", app.id())
                        && idp.is("/type", "OKTA_INTEGRATION")
            }));
        }
        let metadata = self.metadata()?;
        let acs = app.text("/settings/app/acsUrl");
        let by = |is: &dyn Fn(&Object<'a>) -> bool| all.iter().find(|idp| is(idp)).cloned();
        Ok(by(&|idp| idp.is(ISSUER_AT, &metadata.issuer))
            .or_else(|| by(&|idp| idp.is(SSO_AT, &metadata.sso)))
            .or_else(|| by(&|idp| !acs.is_empty() && idp.is(ACS_AT, acs))))
    }

    /// The identity provider, when it is a SAML one.
    pub(super) fn saml_idp(&self) -> Result<Object<'a>, Stop> {
        self.saml_app()?;
        self.idp()
    }

    /// The connection of the app.
    pub(super) fn connection(&self) -> Result<Object<'a>, Stop> {
        self.source(connections::read(self.app()?.id()))
    }

    /// The connection, when it is on.
    pub(super) fn pushing(&self) -> Result<Object<'a>, Stop> {
        let connection = self.connection()?;
        match connection.is("/status", "ENABLED") {
            true => Ok(connection),
            false => Err(Stop::not_here("provisioning is off")),
        }
    }

    /// The connection, when it is on and by OAuth 2.0.
    pub(super) fn oauth(&self) -> Result<Object<'a>, Stop> {
        let connection = self.pushing()?;
        match is_by(&connection, "OAUTH2") {
            true => Ok(connection),
            false => Err(Stop::not_here("the connection is not by OAuth 2.0")),
        }
    }

    /// The connection, when it is by OAuth 2.0 with keys that rotate so.
    pub(super) fn rotating(&self, mode: &str) -> Result<Object<'a>, Stop> {
        let connection = self.oauth()?;
        match rotation(&connection) == mode {
            true => Ok(connection),
            false => Err(Stop::not_here("the keys rotate another way")),
        }
    }

    /// The connection, when it is on and by an API token.
    pub(super) fn by_token(&self) -> Result<Object<'a>, Stop> {
        let connection = self.pushing()?;
        match is_by(&connection, "TOKEN") {
            true => Ok(connection),
            false => Err(Stop::not_here("the connection is not by an API token")),
        }
    }

    /// All apps of the target.
    pub(super) fn target_apps(&self) -> Result<Vec<Object<'a>>, Stop> {
        Ok(self.target(apps::all())?.items())
    }

    /// The service app that the connection names, where it is there.
    pub(super) fn client_of_connection(&self) -> Result<Option<Object<'a>>, Stop> {
        let client = self.oauth()?.text("/profile/clientId");
        let mut all = self.target_apps()?.into_iter();
        Ok(all.find(|app| app.is(CLIENT_ID_AT, client)))
    }

    /// The service app.
    pub(super) fn client(&self) -> Result<Object<'a>, Stop> {
        self.client_of_connection()?
            .ok_or_else(|| Stop::not_here("the client of the connection is not in the target"))
    }

    /// What is pushed.
    pub(super) fn to_app(&self) -> Result<Object<'a>, Stop> {
        self.feature(app_features::TO_APP)
    }

    /// What is imported.
    pub(super) fn to_okta(&self) -> Result<Object<'a>, Stop> {
        self.feature(app_features::TO_OKTA)
    }

    fn feature(&self, name: &str) -> Result<Object<'a>, Stop> {
        self.pushing()?;
        let all = self.source(app_features::all(self.app()?.id()))?.items();
        let found = all.into_iter().find(|feature| feature.is("/name", name));
        found.ok_or_else(|| Stop::Unknown(format!("the app's feature `{name}` is not listed")))
    }

    /// The mapping of a user's profile to the app's.
    pub(super) fn mapping(&self) -> Result<Object<'a>, Stop> {
        self.pushing()?;
        let all = self.source(mappings::into_app(self.app()?.id()))?.items();
        let first = all.first();
        let none = || Stop::Unknown("the app's attribute mapping is not listed".to_owned());
        self.source(mappings::read(first.ok_or_else(none)?.id()))
    }

    /// The people who have the app: all, or the first page of them.
    pub(super) fn people(&self) -> Result<Vec<Object<'a>>, Stop> {
        let all = self.whole();
        let probe = app_assignments::users(self.app()?.id(), all);
        let list = self.source(probe)?.items();
        if !all && list.len() >= app_assignments::PAGE {
            self.only("only the first 500 assignments were looked at");
        }
        Ok(list)
    }

    /// The people who have the app, when people are pushed.
    pub(super) fn pushed_people(&self) -> Result<Vec<Object<'a>>, Stop> {
        self.pushing()?;
        self.people()
    }

    /// The groups that have the app.
    pub(super) fn groups(&self) -> Result<Vec<Object<'a>>, Stop> {
        Ok(self
            .source(app_assignments::groups(self.app()?.id()))?
            .items())
    }

    /// The groups that are pushed; none is nothing to judge.
    pub(super) fn pushes(&self) -> Result<Vec<Object<'a>>, Stop> {
        let all = self.source(group_push::all(self.app()?.id()))?.items();
        match all.is_empty() {
            true => Err(Stop::not_here("no group is pushed")),
            false => Ok(all),
        }
    }

    /// The bookmark apps of the source whose address leads to one of the two orgs.
    pub(super) fn bookmarks(&self) -> Result<Vec<Object<'a>>, Stop> {
        let pair = self.pair();
        let mut all = self.source(apps::named("bookmark"))?.items();
        all.retain(|app| {
            let url = app.text(URL_AT);
            is_at(&pair.source.url, url) && url.contains("/okta_org2org/")
                || is_at(&pair.target.url, url)
        });
        match all.is_empty() {
            true => Err(Stop::not_here("no bookmark leads to the target")),
            false => Ok(all),
        }
    }

    /// Who the target says it is.
    pub(super) fn target_org(&self) -> Result<Object<'a>, Stop> {
        self.target(org::well_known())
    }
}

/// Where an IdP keeps the issuer it trusts.
pub(super) const ISSUER_AT: &str = "/protocol/credentials/trust/issuer";
/// Where it keeps the address that people sign in at.
pub(super) const SSO_AT: &str = "/protocol/endpoints/sso/url";
/// Where it says the address that it takes assertions at.
pub(super) const ACS_AT: &str = "/_links/acs/href";
/// Where an app keeps its client id.
pub(super) const CLIENT_ID_AT: &str = "/credentials/oauthClient/client_id";
/// Where a bookmark keeps its address.
pub(super) const URL_AT: &str = "/settings/app/url";

/// Whether an address is in this org, on its own host or its admin host.
pub(super) fn is_at(org: &OrgUrl, url: &str) -> bool {
    Place::read(url).is_ok_and(|place| place.org == *org)
}

/// The key rotation of a connection; without a word it is the one by hand (Okta's guide).
pub(super) fn rotation<'a>(connection: &Object<'a>) -> &'a str {
    match connection.text("/profile/signing/rotationMode") {
        "" => "MANUAL",
        mode => mode,
    }
}

fn is_by(connection: &Object<'_>, scheme: &str) -> bool {
    connection.is("/profile/authScheme", scheme)
}
