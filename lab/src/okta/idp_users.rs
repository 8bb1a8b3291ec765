//! Users linked to an identity provider: seen from the IdP and from the user.

use serde_json::{Value, json};

use super::call::Call;
use super::error::OktaError;
use super::idp_shape;
use super::paging::{Size, page};
use super::{Outcome, Route, route};
use crate::clock::stamp;
use crate::org::{Idp, IdpUser};
use crate::rights::{
    Area::{Idps, Users},
    Right,
};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[
    route("GET", "/api/v1/idps/{idpId}/users", Right::Read(Idps), list),
    route(
        "GET",
        "/api/v1/idps/{idpId}/users/{userId}",
        Right::Read(Idps),
        read,
    ),
    route(
        "POST",
        "/api/v1/idps/{idpId}/users/{userId}",
        Right::Manage(Users),
        link,
    ),
    route(
        "DELETE",
        "/api/v1/idps/{idpId}/users/{userId}",
        Right::Manage(Users),
        unlink,
    )
    .scopes(&["okta.idps.manage"]),
    route(
        "GET",
        "/api/v1/users/{userId}/idps",
        Right::Read(Users),
        of_user,
    ),
];

const SIZE: Size = Size {
    usual: 200,
    most: 200,
};

fn shape(call: &Call<'_>, idp: &str, id: &str, link: &IdpUser) -> Value {
    json!({
        "id": id, "externalId": link.external_id, "created": stamp(link.created), "lastUpdated": stamp(link.updated),
        "profile": link.profile,
        "_links": {
            "idp": { "href": call.href(&format!("/api/v1/idps/{idp}")) },
            "self": { "href": call.href(&format!("/api/v1/idps/{idp}/users/{id}")) },
            "user": { "href": call.href(&format!("/api/v1/users/{id}")) },
        },
    })
}

fn list(call: &mut Call<'_>) -> Outcome {
    let idp = call.idp()?;
    let items = idp
        .links
        .iter()
        .map(|(id, link)| (id.clone(), shape(call, &idp.id, id, link)))
        .collect();
    page(call, &format!("idps/{}/users", idp.id), items, SIZE)
}

fn read(call: &mut Call<'_>) -> Outcome {
    let (idp, id) = (call.idp()?, call.param("userId"));
    let link = idp
        .links
        .get(&id)
        .ok_or_else(|| OktaError::missing(&id, "User"))?;
    Ok(Response::json(200, &shape(call, &idp.id, &id, link)))
}

const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

// A SAML IdP must promise names that last, or a link made now would not be met at sign-in.
fn linkable(idp: &Idp) -> Result<(), OktaError> {
    if idp.kind != "SAML2" {
        return Ok(());
    }
    let settings = &idp.protocol["settings"];
    if settings["honorPersistentNameId"] != true {
        let cause = "protocol.settings.honorPersistentNameId: The value must be true to link users";
        return Err(OktaError::invalid("linkUser", cause));
    }
    if settings["nameFormat"] != PERSISTENT {
        let cause = "protocol.settings.nameFormat: The format must be persistent to link users";
        return Err(OktaError::invalid("linkUser", cause));
    }
    Ok(())
}

fn link(call: &mut Call<'_>) -> Outcome {
    let (idp, user) = (call.idp()?, call.user()?);
    linkable(&idp)?;
    let body = call.object()?;
    let external_id = body.get("externalId").and_then(Value::as_str);
    let external_id = external_id.filter(|id| (1..=512).contains(&id.chars().count()));
    let Some(external_id) = external_id else {
        let cause = "externalId: The field must have 1 to 512 characters";
        return Err(OktaError::invalid("linkUser", cause));
    };
    let other = |(id, link): (&String, &IdpUser)| *id != user.id && link.external_id == external_id;
    if idp.links.iter().any(other) {
        let cause = "externalId: Another user is linked to this identity";
        return Err(OktaError::invalid("linkUser", cause));
    }
    let known = idp.links.get(&user.id);
    let made = IdpUser {
        external_id: external_id.to_owned(),
        created: known.map_or(call.now, |link| link.created),
        updated: call.now,
        profile: known.map_or_else(|| json!({}), |link| link.profile.clone()),
    };
    let answer = shape(call, &idp.id, &user.id, &made);
    let what = format!("link of {} to IdP `{}`", user.login(), idp.name);
    call.created(what, &format!("idps/{}/users", idp.id), &user.id);
    if let Some(idp) = call.org.idps.get_mut(&idp.id) {
        idp.links.insert(user.id.clone(), made);
    }
    Ok(Response::json(200, &answer))
}

fn unlink(call: &mut Call<'_>) -> Outcome {
    let (idp, id) = (call.idp()?, call.param("userId"));
    let link = idp
        .links
        .get(&id)
        .ok_or_else(|| OktaError::missing(&id, "User"))?;
    let object = shape(call, &idp.id, &id, link);
    call.deleted(
        format!("link of {id} to IdP `{}`", idp.name),
        &format!("idps/{}/users", idp.id),
        &id,
        object,
    );
    if let Some(idp) = call.org.idps.get_mut(&idp.id) {
        idp.links.remove(&id);
    }
    Ok(Response::empty(204))
}

fn of_user(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    let linked = call
        .org
        .idps
        .values()
        .filter(|idp| idp.links.contains_key(&user.id));
    let idps: Vec<Value> = linked.map(|idp| idp_shape::json(call, idp)).collect();
    Ok(Response::json(200, &Value::Array(idps)))
}
