//! SAML metadata: of an app that signs (source side) and of an IdP's receiving end (target side).

use super::call::Call;
use super::error::OktaError;
use super::{Outcome, Route, route};
use crate::org::{App, Org};
use crate::rights::{
    Area::{Apps, Idps},
    Right,
};
use crate::saml::xml::escape;
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route(
        "GET",
        "/api/v1/apps/{appId}/sso/saml/metadata",
        Right::Read(Apps),
        of_app,
    ),
    route(
        "GET",
        "/api/v1/idps/{idpId}/metadata.xml",
        Right::Read(Idps),
        of_idp,
    ),
];

/// What an app calls itself in assertions.
pub(crate) fn issuer(app: &App) -> String {
    format!("http://www.okta.com/{}", app.external_key)
}

/// Where an app answers sign-on requests.
pub(crate) fn sign_on_address(host: &str, app: &App) -> String {
    format!(
        "https://{host}/app/{}/{}/sso/saml",
        app.name, app.external_key
    )
}

/// Where an IdP takes assertions: its own address, or the org's shared one.
pub(crate) fn receiving_address(org: &Org, idp: &str) -> String {
    format!("https://{}/sso/saml2/{idp}", org.host())
}

fn of_app(call: &mut Call<'_>) -> Outcome {
    xml_wanted(call)?;
    let app = call.app()?;
    if !app.is_saml() {
        return Err(OktaError::missing(&app.id, "SamlMetadata"));
    }
    let kid = call.query("kid");
    let named = |kid: &String| app.keys.iter().find(|key| key.kid == *kid);
    let key = kid.as_ref().map_or(app.active_key(), named);
    let key = key.ok_or_else(|| OktaError::missing(&kid.unwrap_or_default(), "RSA"))?;
    let place = escape(&sign_on_address(&call.host, &app));
    let certificate = wrapped(&key.certificate());
    let issuer = escape(&issuer(&app));
    let service = |binding: &str| {
        format!(
            "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{place}\"/>"
        )
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><md:EntityDescriptor entityID=\"{issuer}\" \
         xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"><md:IDPSSODescriptor WantAuthnRequestsSigned=\"false\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:KeyDescriptor use=\"signing\">\
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>{certificate}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>{}{}\
         </md:IDPSSODescriptor></md:EntityDescriptor>",
        service("HTTP-POST"),
        service("HTTP-Redirect"),
    );
    // Published as the one, recorded as the other of a caller that named it.
    let kind = match call.accept.contains("application/xml") {
        true => "application/xml",
        false => "text/xml",
    };
    Ok(Response::text(200, kind, body))
}

fn of_idp(call: &mut Call<'_>) -> Outcome {
    xml_wanted(call)?;
    let idp = call.idp()?;
    let audience = escape(
        idp.text("/protocol/credentials/trust/audience")
            .unwrap_or_default(),
    );
    let place = call.href(&format!("/sso/saml2/{}", idp.id));
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><md:EntityDescriptor entityID=\"{audience}\" \
         xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"><md:SPSSODescriptor AuthnRequestsSigned=\"true\" \
         WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"{}\" index=\"0\" isDefault=\"true\"/></md:SPSSODescriptor></md:EntityDescriptor>",
        escape(&place)
    );
    Ok(Response::text(200, "application/xml", body))
}

fn xml_wanted(call: &Call<'_>) -> Result<(), OktaError> {
    let accept = &call.accept;
    if accept.is_empty() || accept.contains("xml") || accept.contains("*/*") {
        return Ok(());
    }
    let summary =
        "Bad request. Accept and/or Content-Type headers likely do not match supported values.";
    Err(OktaError::new(400, "E0000019", summary))
}

// Recorded metadata breaks base64 after 76 characters.
fn wrapped(base64: &str) -> String {
    let lines: Vec<&str> = (0..base64.len())
        .step_by(76)
        .map(|at| &base64[at..base64.len().min(at + 76)])
        .collect();
    lines.join("\n")
}
