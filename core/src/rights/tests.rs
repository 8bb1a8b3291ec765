use super::*;

fn needs(push: Option<Method>, groups: bool) -> Vec<&'static str> {
    let advice = Advice::of(InUse { push, groups });
    let own = |right: &&&Right| right.holder != Holder::Person;
    advice.rights.iter().filter(own).map(|one| one.id).collect()
}

#[test]
fn rights_follow_from_what_is_in_use() {
    let people = [OVER_MEMBERS, OVER_USERS, GROUPS, USERS];
    assert_eq!(needs(None, false), [""; 0]);
    assert_eq!(needs(Some(Method::OauthAuto), false), people);
    assert_eq!(needs(Some(Method::OauthManual), false), people);
    let groups = needs(Some(Method::OauthAuto), true);
    assert!(groups.contains(&"okta.groups.create"), "{groups:?}");
    assert_eq!(groups.len(), people.len() + 1);
    assert_eq!(needs(Some(Method::Token), true), ["SUPER_ADMIN"]);
}

#[test]
fn nothing_that_stays_is_given_more_than_pushing_takes() {
    for right in RIGHTS.iter().filter(|one| one.holder == Holder::ServiceApp) {
        match right.kind {
            Kind::Role => assert!(!reach(right.id).wide, "{}", right.id),
            Kind::Scope => assert!(!is_wide(right.id), "{}", right.id),
            Kind::CustomRole => {}
        }
    }
    assert!(reach("ORG_ADMIN").wide && reach("APP_ADMIN").wide);
    assert!(is_wide("okta.apps.manage") && !is_wide("okta.users.read"));
}

#[test]
fn each_contradiction_names_two_documents_and_shows_where_it_matters() {
    for one in CONTRADICTIONS {
        let [first, second] = &one.says;
        assert_ne!(first.source, second.source, "{}", one.about);
        assert_ne!(first.what, second.what, "{}", one.about);
    }
    let about = |push, groups| Advice::of(InUse { push, groups }).contradictions.len();
    assert_eq!(about(None, false), 0);
    assert_eq!(about(Some(Method::OauthAuto), false), 3);
    assert_eq!(about(Some(Method::OauthAuto), true), 3);
    assert_eq!(about(Some(Method::Token), false), 1);
}

#[test]
fn the_text_names_reasons_and_sources() {
    let text = Advice::of(InUse {
        push: Some(Method::OauthAuto),
        groups: true,
    })
    .text();
    for part in [
        "  the service app:\n    role Group Membership Administrator: ",
        "custom role: Create groups, over all groups: Groups are pushed",
        "scope okta.users.manage: ",
        "Okta's documents differ about the role of the service app:\n    Organization Administrator [Okta help",
        "    taken: The two smaller roles",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let nothing = Advice::of(InUse {
        push: None,
        groups: false,
    });
    assert!(nothing.text().contains("Nothing is pushed"));
}
